"""The skills `register_model` and `list_models`: a trained model becomes a version, and what is registered is shown."""

from dataclasses import replace
from typing import Any

from pydantic import Field

from mesh import BadInputError, Output, Params, SkillContext, SkillResult, say

from .jobs import list_versions, register
from .record import build_record
from .registrar import TIMEOUT_S, Registrar, result_of
from .request import Wish, understand
from .runs import Newcomer, Trained
from .schema import training_data


class RegisterParams(Params):
    """How to register."""

    name: str | None = Field(
        None,
        min_length=1,
        max_length=120,
        description="Registered name; made from target and task when absent.",
    )


class ListParams(Params):
    """What to list."""

    name: str | None = Field(None, description="Only the versions of this model.")


async def register_model(ctx: SkillContext, params: RegisterParams, registrar: Registrar) -> SkillResult:
    """A run with everything known of the model; a version; the champion when it passes the gates."""
    trained = await registrar.trained(ctx)
    if trained is None:
        raise BadInputError(
            say(
                ctx.language,
                en="There is no model to register; train one first.",
                ko="등록할 모델이 없습니다. 먼저 모델을 학습해 주십시오.",
            )
        )
    newcomer = newcomer_of(ctx, trained, params.name)
    margin = understand(Wish(ctx.goal), ()).margin or 0.0
    desk = await registrar.desk(ctx)
    told = await ctx.compute(register, registrar.store, newcomer, desk, margin=margin, timeout_s=TIMEOUT_S)
    title = say(ctx.language, en="Registered version", ko="등록된 버전")
    return result_of(told, Output(name="model_version", type="model_version", title=title, data=told.data))


async def list_models(ctx: SkillContext, params: ListParams, registrar: Registrar) -> SkillResult:
    """Every registered version with its aliases and score, and who was the champion when and why."""
    wish = Wish(ctx.goal, params.name)
    told = await ctx.compute(list_versions, registrar.store, wish, ctx.language, timeout_s=TIMEOUT_S)
    title = say(ctx.language, en="Registered models", ko="등록된 모델")
    outputs = [Output(name="model_list", type="model_list", title=title, data=told.data)]
    champion = _champion(told.data)
    if champion is not None:
        title = say(ctx.language, en="Champion", ko="챔피언")
        outputs.append(Output(name="model_version", type="model_version", title=title, data=champion))
    return result_of(told, *outputs)


def newcomer_of(ctx: SkillContext, trained: Trained, name: str | None) -> Newcomer:
    """A trained model, ready to be registered under `name`."""
    trained = _with_own_data(trained)
    return Newcomer(build_record(trained.description, name, _tags(ctx, trained)), trained)


def _champion(listing: dict[str, Any]) -> dict[str, Any] | None:
    """The champion of the only model that is listed, for steps that go on with it; None when there are several or none."""
    champions = [item for item in listing["versions"] if "champion" in item["aliases"]]
    if len(champions) != 1:
        return None
    return {**champions[0], "version": int(champions[0]["version"])}


def _with_own_data(trained: Trained) -> Trained:
    """Without the dataset that came along when the model says that it was trained on another one."""
    known = training_data(trained.description).get("id")
    if trained.dataset is not None and known not in {None, trained.dataset.id}:
        return replace(trained, dataset=None)
    return trained


def _tags(ctx: SkillContext, trained: Trained) -> dict[str, str]:
    tags = {"analysis_id": ctx.analysis_id, "question": ctx.goal[:1000], "language": ctx.language}
    data = training_data(trained.description)
    if trained.dataset is not None:
        data = {"id": trained.dataset.id, "name": trained.dataset.name, "sha256": trained.dataset.sha256}
    return tags | {f"dataset_{key}": value for key, value in data.items()}
