"""The AutoML agent: trains a model or a forecast, on its own H2O cluster when there is one."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Literal

from pydantic import Field, ValidationError

from mesh import (
    Agent,
    BadInputError,
    DatasetRef,
    FileRef,
    Output,
    Params,
    SkillContext,
    SkillResult,
    UnavailableError,
    say,
    skill,
)
from mesh.agent import NoParams
from mesh.auth import mesh_token
from mesh.h2o.address import H2OAddress
from mesh.h2o.cluster import H2OCluster
from mesh.scoring.description import describe
from mesh.scoring.seal import seal_of
from mesh.settings import MeshSettings

from .h2o_notes import absence_note
from .jobs import explain, predict, take_in, train
from .order import Order, SavedFile, Trained
from .scoring_order import ExplanationWish, ModelAnswer, ModelOrder, RowsGiven

GRACE_S = 90.0
EXPLAIN_S = 240.0


class TrainingParams(Params):
    """How to train. What is not given is read from the question and the data."""

    target: str | None = Field(None, description="Column to predict; chosen from the question when absent.")
    task: Literal["regression", "classification", "forecast"] | None = Field(
        None, description="Kind of model; chosen from the question and the data when absent."
    )
    horizon: int | None = Field(None, ge=1, le=400, description="Forecast steps, in periods of the series.")
    time_budget_s: float = Field(
        30, ge=2, le=3600, description="Seconds for everything but the start of the cluster."
    )
    seed: int = Field(1, ge=0, description="Seed of every random choice.")


class ExplanationParams(Params):
    """What to explain beside the usual. What is not given is read from the question."""

    cost_missed: float | None = Field(
        None, gt=0, description="What a missed row of the positive class costs; chooses the threshold."
    )
    cost_false_alarm: float | None = Field(
        None, gt=0, description="What a false alarm costs, in the same unit."
    )
    group: str | None = Field(None, description="Column whose groups are compared for fairness.")
    row: int | None = Field(
        None,
        ge=1,
        description="Row of the given dataset, else of the hold-out, whose prediction is explained.",
    )
    seed: int = Field(1, ge=0, description="Seed of every random choice.")


class AutoMLAgent(Agent):
    """Skills `train_model`, `predict` and `explain_model`."""

    preload = (
        *("pandas", "pyarrow.parquet", "scipy.stats"),
        *(
            "sklearn.ensemble",
            "sklearn.linear_model",
            "sklearn.compose",
            "sklearn.pipeline",
            "sklearn.isotonic",
        ),
        *("statsmodels.tsa.exponential_smoothing.ets", "statsmodels.tsa.forecasting.theta"),
        "statsmodels.tsa.statespace.sarimax",
    )

    def __init__(self, name: str, card: dict[str, Any], settings: MeshSettings) -> None:
        super().__init__(name, card, settings)
        self.cluster = H2OCluster(self.state_dir.resolve() / "h2o")

    async def stop(self) -> None:
        await self.cluster.stop()

    @skill("train_model")
    async def train_model(self, ctx: SkillContext, params: TrainingParams) -> SkillResult:
        """Choose the task, train within the budget, return the model and, for a time series, the forecast."""
        dataset = ctx.inputs.dataset()
        table = await ctx.local(dataset)
        await ctx.progress(
            0.01, say(ctx.language, en="Choosing what to predict", ko="예측 대상을 정하고 있습니다")
        )
        intake = await ctx.compute(
            take_in, table, dataset.columns, ctx.goal, ctx.language, params.target, params.task, ctx.workdir
        )
        await ctx.progress(0.02, intake.choice.reason)
        project = f"t{ctx.task_id.replace('-', '')}"
        ctx.on_cancel(lambda: self.cluster.cancel(project))
        async with self._cluster(ctx, project, wanted=intake.large) as address:
            order = Order(
                table=intake.table,
                columns=intake.columns,
                question=ctx.goal,
                language=ctx.language,
                choice=intake.choice,
                folder=ctx.workdir,
                project=project,
                budget_s=params.time_budget_s,
                seed=params.seed,
                horizon=params.horizon,
                h2o=address,
            )
            trained = await ctx.compute(train, order, timeout_s=params.time_budget_s + GRACE_S)
        absent = [] if address is not None or not intake.large else [absence_note(ctx.language, "not_ready")]
        return await _result(ctx, trained, [*intake.notes, *absent], mesh_token(self.settings))

    @skill("predict")
    async def predict(self, ctx: SkillContext, params: NoParams) -> SkillResult:
        """Score the rows of a dataset with a model trained here; the target may be absent from them."""
        dataset = ctx.inputs.dataset()
        given = RowsGiven(await ctx.local(dataset), dataset.columns, dataset.sha256)
        async with self._model(ctx) as order:
            answer = await ctx.compute(predict, order, given, timeout_s=GRACE_S)
        (csv,) = [await _saved(ctx, file) for file in answer.files]
        title = say(ctx.language, en="Predictions", ko="예측값")
        outputs = [
            Output(
                name="prediction_report",
                type="prediction_report",
                title=title,
                data=answer.report,
                files=[csv],
            )
        ]
        if answer.dataset is not None:
            saved = answer.dataset
            reference = await ctx.save_dataset(
                saved.path, name=saved.name, columns=saved.columns, rows=saved.rows
            )
            outputs.append(Output(name="predictions", type="dataset", title=title, dataset=reference))
        return _told(answer, outputs)

    @skill("explain_model")
    async def explain_model(self, ctx: SkillContext, params: ExplanationParams) -> SkillResult:
        """What a model goes by, where it errs, whether its probabilities hold; thresholds, groups and rows on request."""
        async with self._model(ctx) as order:
            held_out = _held_out(order.data, ctx)
            given = ctx.inputs.output("dataset")
            rows = given.dataset if given is not None else None
            wish = ExplanationWish(
                question=ctx.goal,
                holdout=await ctx.local(held_out),
                missed=params.cost_missed,
                false_alarm=params.cost_false_alarm,
                group=params.group,
                row=params.row,
                rows=RowsGiven(await ctx.local(rows), rows.columns, rows.sha256)
                if rows is not None
                else None,
                seed=params.seed,
            )
            answer = await ctx.compute(explain, order, wish, timeout_s=EXPLAIN_S)
        page, markdown = [await _saved(ctx, file) for file in answer.files]
        title = say(ctx.language, en="Model card", ko="모델 카드")
        outputs = [
            Output(
                name="model_explanation",
                type="model_explanation",
                title=title,
                data=answer.report,
                files=[markdown],
            ),
            Output(name="model_card", type="page", title=title, file=page),
        ]
        return _told(answer, outputs)

    @asynccontextmanager
    async def _model(self, ctx: SkillContext) -> AsyncIterator[ModelOrder]:
        """The model that was given, with its files here and, if it needs one, a cluster."""
        output = ctx.inputs.output("model")
        if output is None or output.data is None:
            raise BadInputError(
                say(
                    ctx.language,
                    en="There is no model; train one first, or name the analysis that trained it.",
                    ko="모델이 없습니다. 먼저 모델을 학습하거나, 모델을 학습한 분석을 이어서 요청해 주십시오.",
                )
            )
        refs = {ref.uri: ref for ref in [*([output.file] if output.file else []), *output.files]}
        files = [await ctx.local(ref) for ref in refs.values()]
        project = f"s{ctx.task_id.replace('-', '')}"
        async with self._cluster(ctx, project, wanted=output.data.get("engine") == "h2o") as address:
            token = mesh_token(self.settings)
            yield ModelOrder(output.data, files, ctx.workdir, ctx.language, token, address)

    @asynccontextmanager
    async def _cluster(
        self, ctx: SkillContext, project: str, *, wanted: bool
    ) -> AsyncIterator[H2OAddress | None]:
        if not wanted:
            yield None
            return
        if not self.cluster.running:
            message = say(ctx.language, en="Starting the H2O cluster", ko="H2O 클러스터를 시작하고 있습니다")
            await ctx.progress(0.02, message)
        async with AsyncExitStack() as stack:
            address = None
            with suppress(UnavailableError):
                address = await stack.enter_async_context(self.cluster.lease(project))
            yield address


async def _result(ctx: SkillContext, trained: Trained, notes: list[str], token: str) -> SkillResult:
    files = [await _saved(ctx, file) for file in trained.files]
    models = [f for f in files if not f.name.endswith(".csv")]
    tables = [f for f in files if f.name.endswith(".csv")]
    model, predictions = trained.model | _origin(ctx.inputs.dataset(), models, token), None
    if trained.predictions is not None:
        saved = trained.predictions
        predictions = await ctx.save_dataset(
            saved.path, name=saved.name, columns=saved.columns, rows=saved.rows
        )
        model = {**model, "predictions": predictions.model_dump(mode="json", exclude_none=True)}
    title = say(ctx.language, en="Model", ko="모델")
    outputs = [Output(name="model", type="model", title=title, data=model, file=models[0], files=models)]
    if trained.forecast is not None:
        title = say(ctx.language, en="Forecast", ko="예측")
        outputs.append(
            Output(name="forecast", type="forecast", title=title, data=trained.forecast, files=tables)
        )
    if predictions is not None:
        title = say(ctx.language, en="Predictions", ko="예측값")
        outputs.append(Output(name="predictions", type="dataset", title=title, dataset=predictions))
    return SkillResult(
        summary=trained.summary,
        outputs=outputs,
        findings=trained.findings,
        kpis=trained.kpis,
        tables=trained.tables,
        warnings=[*trained.warnings, *notes],
    )


def _held_out(model: dict[str, Any], ctx: SkillContext) -> DatasetRef:
    """The rows that the model was not trained on, with what is true of them."""
    describe(model, ctx.language)
    try:
        return DatasetRef.model_validate(model.get("predictions"))
    except ValidationError:
        raise BadInputError(
            say(
                ctx.language,
                en="The model does not say where its held-out rows are; train it again to have it explained.",
                ko="모델에 검증용 데이터의 위치가 없습니다. 설명하려면 모델을 다시 학습해 주십시오.",
            )
        ) from None


def _told(answer: ModelAnswer, outputs: list[Output]) -> SkillResult:
    return SkillResult(
        summary=" ".join(found.text for found in answer.findings[:2]),
        outputs=outputs,
        findings=answer.findings,
        kpis=answer.kpis,
        tables=answer.tables,
        warnings=answer.warnings,
    )


def _origin(dataset: DatasetRef, files: list[FileRef], token: str) -> dict[str, Any]:
    """Which data the model comes from, and that its files are this mesh's own; see `mesh.scoring.scorer.open_scorer`."""
    sealed = [
        {"name": f.name, "sha256": f.sha256, "seal": seal_of(f.sha256, token)} for f in files if f.sha256
    ]
    return {
        "dataset": {"id": dataset.id, "name": dataset.name, "sha256": dataset.sha256},
        "files": sealed,
    }


async def _saved(ctx: SkillContext, file: SavedFile) -> FileRef:
    return await ctx.save_file(file.path, name=file.name, media_type=file.media_type)
