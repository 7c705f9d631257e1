"""Language over A2A: questions answered by SQL, what people wrote, and personal data found and masked."""

from pathlib import Path
from typing import Any

from pydantic import Field

from mesh import Agent, DatasetRef, NoParams, Params, SkillContext, SkillResult, skill
from mesh.llm.configured import configured_model
from mesh.settings import MeshSettings

from .engine import run_select
from .linking import linked_schema
from .second_reading import SecondReader
from .service import answer, result_of
from .text import personal_service, text_service
from .text.personal_service import MaskParams
from .text.text_service import TextParams


class AnswerParams(Params):
    """How the question is answered."""

    question: str | None = Field(
        None, description="The question, when it is not the goal of the call.", max_length=2000
    )
    sql: str | None = Field(
        None,
        description="A SELECT over the view `data` to run instead of reading a question.",
        max_length=10_000,
    )
    max_rows: int = Field(200, ge=1, le=200, description="How many rows the answer holds at most.")
    timeout_s: float = Field(30.0, gt=0, le=300, description="Seconds after which the query is stopped.")


class NlpAgent(Agent):
    """Answers questions and reads texts; all of the work happens in the compute process, but asking a language model."""

    def __init__(self, name: str, card: dict[str, Any], settings: MeshSettings) -> None:
        super().__init__(name, card, settings)
        self._model = configured_model(settings)

    async def stop(self) -> None:
        """Closes the connections to the language model."""
        if self._model is not None:
            await self._model.aclose()

    @skill("answer_question")
    async def answer_question(self, ctx: SkillContext, params: AnswerParams) -> SkillResult:
        """One read-only SELECT for the question, its rows and one sentence; carries on earlier ones, abstains when unsure."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        earlier = (ctx.inputs.data("earlier") or {}).get("turns", [])
        result: SkillResult = await ctx.compute(
            answer,
            path,
            dataset.columns,
            params.question or ctx.goal,
            ctx.language,
            name=dataset.name,
            sql=params.sql,
            max_rows=params.max_rows,
            timeout_s=params.timeout_s,
            earlier=[turn for turn in earlier if isinstance(turn, str)],
        )
        return await self._second(ctx, params, dataset, path, result)

    async def _second(
        self, ctx: SkillContext, params: AnswerParams, dataset: DatasetRef, path: Path, first: SkillResult
    ) -> SkillResult:
        """The result after a language model has read the question as well, when there is one and the first reading is unsure."""
        data = first.outputs[0].data
        if self._model is None or data is None:
            return first

        async def facts() -> dict[str, Any]:
            return await ctx.compute(
                linked_schema,
                params.question or ctx.goal,
                path,
                dataset.columns,
                share_values=self.settings.llm_share_rows,
            )

        async def run(sql: str) -> tuple[list[str], list[list[Any]], bool]:
            ran: tuple[list[str], list[list[Any]], bool] = await ctx.compute(
                run_select, sql, path, max_rows=params.max_rows, timeout_s=params.timeout_s
            )
            return ran

        reader = SecondReader(self._model, facts, run, self.settings.llm_timeout_s)
        second = await reader.read(data, ctx.language)
        return first if second is data else result_of(second, ctx.language)

    @skill("analyze_text")
    async def analyze_text(self, ctx: SkillContext, params: TextParams) -> SkillResult:
        """What people wrote in a column of text."""
        return await text_service.analyze_text(ctx, params)

    @skill("detect_pii")
    async def detect_pii(self, ctx: SkillContext, params: NoParams) -> SkillResult:
        """Where a dataset holds personal data."""
        return await personal_service.detect_pii(ctx)

    @skill("mask_pii")
    async def mask_pii(self, ctx: SkillContext, params: MaskParams) -> SkillResult:
        """A new version of a dataset in which personal data is masked."""
        return await personal_service.mask_pii(ctx, params)
