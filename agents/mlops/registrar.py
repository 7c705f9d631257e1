"""What the registry's skills share: the store, and how an input becomes something that a job can take."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mesh import DatasetRef, Output, SkillContext, SkillResult
from mesh.errors import NotFoundError

from .desk import Desk, FreshRows, Told
from .runs import Trained
from .store import Store

TIMEOUT_S = 180.0


@dataclass(frozen=True)
class Registrar:
    """The store of this agent, and the token under which the mesh seals its models."""

    store: Store
    token: str

    async def desk(self, ctx: SkillContext, *, rows: bool = False) -> Desk:
        """What a job works with; with `rows`, also the dataset that came with the call, to score models on."""
        given = ctx.inputs.output("dataset") if rows else None
        fresh = None
        if given is not None and given.dataset is not None:
            fresh = FreshRows(await ctx.local(given.dataset), given.dataset.id, given.dataset.sha256)
        return Desk(ctx.workdir, self.token, ctx.language, fresh)

    async def trained(self, ctx: SkillContext) -> Trained | None:
        """The model that came with the call, its files and hold-out on this host; None without one."""
        output = ctx.inputs.output("model")
        if output is None or output.data is None:
            return None
        refs = {ref.uri: ref for ref in [*([output.file] if output.file else []), *output.files]}
        files = tuple([(await ctx.local(ref), ref.name) for ref in refs.values()])
        given = ctx.inputs.output("dataset")
        dataset = given.dataset if given is not None else None
        return Trained(output.data, files, await _holdout(ctx, output.data), dataset)


def result_of(told: Told, *outputs: Output) -> SkillResult:
    """What a job told, with its outputs."""
    return SkillResult(
        summary=told.summary,
        outputs=list(outputs),
        findings=told.findings,
        kpis=told.kpis,
        tables=told.tables,
        warnings=told.warnings,
    )


async def _holdout(ctx: SkillContext, model: dict[str, Any]) -> Path | None:
    """The rows that the model was scored on, when its description says where they are and they still are there."""
    if not isinstance(model.get("predictions"), dict):
        return None
    with suppress(ValidationError, NotFoundError):
        return await ctx.local(DatasetRef.model_validate(model["predictions"]))
    return None
