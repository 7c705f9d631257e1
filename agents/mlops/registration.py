"""The skills `register_model` and `list_models`: a trained model becomes a version, and what is registered is shown."""

from dataclasses import asdict, replace
from typing import Any

from pydantic import Field

from mesh import BadInputError, Output, Params, SkillContext, SkillResult, say

from .comparison_report import gates_data
from .jobs import Listing, Registered, list_versions, register
from .record import Record, build_record
from .registrar import TIMEOUT_S, Registrar
from .request import Wish
from .runs import Trained
from .schema import training_data
from .story import (
    history_table,
    listing_findings,
    registration_findings,
    registration_tables,
    registration_warnings,
    version_table,
)


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
    trained = _with_own_data(trained)
    record = build_record(trained.description, params.name, _tags(ctx, trained))
    desk = await registrar.desk(ctx)
    made = await ctx.compute(register, registrar.store, record, trained, desk, timeout_s=TIMEOUT_S)
    findings = registration_findings(ctx.language, record, made)
    return SkillResult(
        summary=" ".join(found.text for found in findings),
        outputs=[
            Output(
                name="model_version",
                type="model_version",
                title=say(ctx.language, en="Registered version", ko="등록된 버전"),
                data=_version_data(record, made, len(trained.files), registrar),
            )
        ],
        findings=findings,
        tables=registration_tables(ctx.language, made),
        warnings=registration_warnings(ctx.language, record, len(trained.files)),
    )


async def list_models(ctx: SkillContext, params: ListParams, registrar: Registrar) -> SkillResult:
    """Every registered version with its aliases and score, and who was the champion when and why."""
    wish = Wish(ctx.goal, params.name)
    listing = await ctx.compute(list_versions, registrar.store, wish, timeout_s=TIMEOUT_S)
    findings = listing_findings(ctx.language, listing)
    tables = [version_table(ctx.language, listing.versions)] if listing.versions else []
    changed = any(listing.history.values())
    return SkillResult(
        summary=" ".join(found.text for found in findings),
        outputs=[
            Output(
                name="model_list",
                type="model_list",
                title=say(ctx.language, en="Registered models", ko="등록된 모델"),
                data=_list_data(listing),
            )
        ],
        findings=findings,
        tables=[*tables, history_table(ctx.language, listing)] if changed else tables,
    )


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


def _version_data(record: Record, made: Registered, files: int, registrar: Registrar) -> dict[str, Any]:
    before, comparison = made.champion, made.compared.comparison if made.compared else None
    return {
        "name": record.name,
        "version": int(made.version.version),
        "run_id": made.version.run_id,
        "aliases": made.version.aliases,
        "metric": record.metric,
        "value": record.value,
        "promoted": made.promoted,
        "gain": comparison.gain if comparison else None,
        "gates": gates_data(made.compared.decision) if made.compared else [],
        "previous": None
        if before is None
        else {"version": int(before.version), "metric": before.metric, "value": before.value},
        "files": files,
        "tracking_uri": registrar.store.shown_uri,
    }


def _list_data(listing: Listing) -> dict[str, Any]:
    return {
        "versions": [asdict(version) for version in listing.versions],
        "history": {name: [asdict(c) for c in changes] for name, changes in listing.history.items()},
    }
