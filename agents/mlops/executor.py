"""The MLOps agent: registers trained models in MLflow and shows what is registered."""

import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio
from pydantic import Field, ValidationError

from mesh import (
    Agent,
    BadInputError,
    DatasetRef,
    NoParams,
    Output,
    Params,
    SkillContext,
    SkillResult,
    UnavailableError,
    say,
    skill,
)
from mesh.compute import ComputeClient
from mesh.errors import NotFoundError

from .deployment import RegisteredVersions
from .jobs import Registered, list_versions, register
from .record import build_record
from .runs import Trained
from .serving.asking import EndpointParams, ServeParams, TrialParams, WatchModelParams
from .serving.hosting import host_serving
from .serving.skills import ServingSkills
from .store import Store
from .story import listing_finding, registration_findings, registration_warnings, version_table

TIMEOUT_S = 180.0


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


class MLOpsAgent(Agent):
    """Registers models and serves them. MLflow runs in the compute process, each endpoint in a process of its own."""

    preload = ("mesh_agents.mlops.warm",)
    _writing: anyio.Lock | None = None
    _serving: ServingSkills | None = None

    @property
    def store(self) -> Store:
        """The server of MLFLOW_TRACKING_URI when that is set, else this agent's own files."""
        return Store(self.state_dir.resolve(), os.environ.get("MLFLOW_TRACKING_URI") or None)

    async def start(self) -> None:
        self._writing = anyio.Lock()
        socket = self.settings.compute_socket or self.settings.home / "run" / "compute.sock"
        compute = ComputeClient(socket, workers=1, preload=self.preload)
        registry = RegisteredVersions(self.store, compute)
        self._serving = await self.tasks.start(
            host_serving, self.state_dir.resolve() / "serving", self.settings, registry, compute
        )

    @skill("register_model")
    async def register_model(self, ctx: SkillContext, params: RegisterParams) -> SkillResult:
        """A run with parameters, metrics, leaderboard and file; a version; the aliases challenger and champion."""
        output = ctx.inputs.output("model")
        if output is None or output.data is None:
            raise BadInputError(
                say(
                    ctx.language,
                    en="There is no model to register; train one first.",
                    ko="등록할 모델이 없습니다. 먼저 모델을 학습해 주십시오.",
                )
            )
        record = build_record(output.data, params.name, self._tags(ctx))
        refs = {ref.uri: ref for ref in [*([output.file] if output.file else []), *output.files]}
        files = tuple([(await ctx.local(ref), ref.name) for ref in refs.values()])
        given = ctx.inputs.output("dataset")
        dataset = given.dataset if given is not None else None
        trained = Trained(output.data, files, await self._holdout(ctx, output.data), dataset)
        async with self._writing or anyio.Lock():
            made = await ctx.compute(register, self.store, record, trained, ctx.language, timeout_s=TIMEOUT_S)
        findings = registration_findings(ctx.language, record, made)
        return SkillResult(
            summary=" ".join(f.text for f in findings),
            outputs=[
                Output(
                    name="model_version",
                    type="model_version",
                    title=say(ctx.language, en="Registered version", ko="등록된 버전"),
                    data=self._version_data(record.name, record.metric, record.value, made, len(files)),
                )
            ],
            findings=findings,
            warnings=registration_warnings(ctx.language, record, made, len(files)),
        )

    @skill("list_models")
    async def list_models(self, ctx: SkillContext, params: ListParams) -> SkillResult:
        """Every registered version with its aliases and score."""
        versions = await ctx.compute(list_versions, self.store, params.name, timeout_s=TIMEOUT_S)
        said = listing_finding(ctx.language, versions)
        return SkillResult(
            summary=said.text,
            outputs=[
                Output(
                    name="model_list",
                    type="model_list",
                    title=say(ctx.language, en="Registered models", ko="등록된 모델"),
                    data={"versions": [asdict(version) for version in versions]},
                )
            ],
            findings=[said],
            tables=[version_table(ctx.language, versions)] if versions else [],
        )

    @skill("serve_model")
    async def serve_model(self, ctx: SkillContext, params: ServeParams) -> SkillResult:
        """A scoring endpoint over HTTP for the champion, or a version."""
        return await self._endpoints().serve(ctx, params)

    @skill("stop_serving")
    async def stop_serving(self, ctx: SkillContext, params: EndpointParams) -> SkillResult:
        """Takes an endpoint away."""
        return await self._endpoints().stop(ctx, params)

    @skill("list_endpoints")
    async def list_endpoints(self, ctx: SkillContext, _: NoParams) -> SkillResult:
        """Every endpoint with its traffic and latency."""
        return await self._endpoints().list(ctx)

    @skill("run_ab_test")
    async def run_ab_test(self, ctx: SkillContext, params: TrialParams) -> SkillResult:
        """A challenger beside the champion on served traffic, with a verdict that holds at any look."""
        return await self._endpoints().trial(ctx, params)

    @skill("watch_model")
    async def watch_model(self, ctx: SkillContext, params: WatchModelParams) -> SkillResult:
        """Drift and decay of a served model, alerts, roll-back."""
        return await self._endpoints().watch(ctx, params)

    def _endpoints(self) -> ServingSkills:
        if self._serving is None:
            raise UnavailableError("The endpoints are not loaded yet; try again in a moment.")
        return self._serving

    async def _holdout(self, ctx: SkillContext, model: dict[str, Any]) -> Path | None:
        """The rows that the model was scored on, when its description says where they are and they still are there."""
        if not isinstance(model.get("predictions"), dict):
            return None
        with suppress(ValidationError, NotFoundError):
            return await ctx.local(DatasetRef.model_validate(model["predictions"]))
        return None

    def _tags(self, ctx: SkillContext) -> dict[str, str]:
        tags = {"analysis_id": ctx.analysis_id, "question": ctx.goal[:1000], "language": ctx.language}
        given = ctx.inputs.output("dataset")
        if given is not None and given.dataset is not None:
            dataset = given.dataset
            tags |= {"dataset_id": dataset.id, "dataset_name": dataset.name, "dataset_sha256": dataset.sha256}
        return tags

    def _version_data(
        self, name: str, metric: str, value: float, made: Registered, files: int
    ) -> dict[str, object]:
        previous = made.previous
        return {
            "name": name,
            "version": int(made.version.version),
            "run_id": made.version.run_id,
            "aliases": made.version.aliases,
            "metric": metric,
            "value": value,
            "promoted": made.promotion.promoted,
            "verdict": made.promotion.verdict,
            "gain": made.promotion.gain,
            "previous": None
            if previous is None
            else {"version": int(previous.version), "metric": previous.metric, "value": previous.value},
            "files": files,
            "tracking_uri": self.store.shown_uri,
        }
