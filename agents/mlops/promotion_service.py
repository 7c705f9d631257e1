"""The skills `promote_model` and `rollback_model`: another champion, under conditions, and back again."""

from typing import Any

from pydantic import Field

from mesh import Output, Params, SkillContext, SkillResult, say

from .jobs import promote, rollback
from .registrar import TIMEOUT_S, Registrar, result_of
from .registration import newcomer_of
from .request import Wish


class PromoteParams(Params):
    """What to promote, and on what conditions. What is not given is read from the question."""

    name: str | None = Field(None, description="Registered name; may be left out when there is only one.")
    version: int | None = Field(
        None, ge=1, description="Version to make the champion; the challenger when absent."
    )
    margin: float | None = Field(
        None, ge=0, description="By how much more than this the metric must be better, in its own units."
    )
    force: bool = Field(
        default=False, description="Promote although conditions are not met; only when the person insists."
    )
    reason: str | None = Field(None, max_length=1000, description="Why, for the history.")


class RollbackParams(Params):
    """Where to return to. What is not given is read from the question."""

    name: str | None = Field(None, description="Registered name; may be left out when there is only one.")
    version: int | None = Field(
        None, ge=1, description="Version to return to; the last champion before the present one when absent."
    )
    reason: str | None = Field(None, max_length=1000, description="Why, for the history.")


async def promote_model(ctx: SkillContext, params: PromoteParams, registrar: Registrar) -> SkillResult:
    """The version becomes the champion when every condition holds, or when the person insists.

    A trained model that came along without a version is registered first, under the same conditions.
    """
    given = ctx.inputs.data("model_version")
    trained = await registrar.trained(ctx) if given is None and params.version is None else None
    newcomer = newcomer_of(ctx, trained, params.name) if trained is not None else None
    desk = await registrar.desk(ctx, rows=True)
    known = given or {}
    wish = Wish(
        ctx.goal,
        params.name or known.get("name"),
        _versions(params.version or known.get("version")),
        params.force,
        params.margin,
        params.reason,
    )
    told = await ctx.compute(promote, registrar.store, wish, newcomer, desk, timeout_s=TIMEOUT_S)
    title = say(ctx.language, en="Promotion", ko="승격 결과")
    return result_of(told, Output(name="promotion", type="promotion_decision", title=title, data=told.data))


async def rollback_model(ctx: SkillContext, params: RollbackParams, registrar: Registrar) -> SkillResult:
    """An earlier version is the champion again; the history keeps why."""
    wish = Wish(ctx.goal, params.name, _versions(params.version), reason=params.reason)
    told = await ctx.compute(rollback, registrar.store, wish, ctx.language, timeout_s=TIMEOUT_S)
    title = say(ctx.language, en="Roll-back", ko="롤백 결과")
    return result_of(told, Output(name="rollback", type="champion_rollback", title=title, data=told.data))


def _versions(number: Any) -> tuple[str, ...]:
    return () if number is None else (str(int(number)),)
