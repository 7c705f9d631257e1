"""The MLOps agent: registers trained models in MLflow, compares and promotes them, and serves the champion."""

import os

from mesh import Agent, NoParams, SkillContext, SkillResult, UnavailableError, skill
from mesh.auth import mesh_token
from mesh.compute import ComputeClient

from . import comparison_service, promotion_service, registration
from .comparison_service import CompareParams
from .deployment import RegisteredVersions
from .promotion_service import PromoteParams, RollbackParams
from .registrar import Registrar
from .registration import ListParams, RegisterParams
from .serving.asking import EndpointParams, ServeParams, TrialParams, WatchModelParams
from .serving.hosting import host_serving
from .serving.skills import ServingSkills
from .store import Store


class MLOpsAgent(Agent):
    """Registers models and serves them. MLflow runs in the compute process, each endpoint in a process of its own."""

    preload = ("mesh_agents.mlops.warm", "mesh_agents.mlops.telling")
    _serving: ServingSkills | None = None

    @property
    def store(self) -> Store:
        """The server of MLFLOW_TRACKING_URI when that is set, else this agent's own files."""
        return Store(self.state_dir.resolve(), os.environ.get("MLFLOW_TRACKING_URI") or None)

    @property
    def registrar(self) -> Registrar:
        """The store and the mesh's token."""
        return Registrar(self.store, mesh_token(self.settings))

    async def start(self) -> None:
        socket = self.settings.compute_socket or self.settings.home / "run" / "compute.sock"
        compute = ComputeClient(socket, workers=1, preload=self.preload)
        registry = RegisteredVersions(self.store, compute)
        self._serving = await self.tasks.start(
            host_serving, self.state_dir.resolve() / "serving", self.settings, registry, compute
        )

    @skill("register_model")
    async def register_model(self, ctx: SkillContext, params: RegisterParams) -> SkillResult:
        """A run with everything known of the model; a version; the champion when it passes the gates."""
        made = await registration.register_model(ctx, params, self.registrar)
        return await self._endpoints().followed(ctx, made)

    @skill("list_models")
    async def list_models(self, ctx: SkillContext, params: ListParams) -> SkillResult:
        """Every registered version with its aliases and score, and who was the champion when and why."""
        return await registration.list_models(ctx, params, self.registrar)

    @skill("compare_models")
    async def compare_models(self, ctx: SkillContext, params: CompareParams) -> SkillResult:
        """Which version is better, where and by how much, and which to take."""
        return await comparison_service.compare_models(ctx, params, self.registrar)

    @skill("promote_model")
    async def promote_model(self, ctx: SkillContext, params: PromoteParams) -> SkillResult:
        """The version becomes the champion when every condition holds, or when the person insists."""
        made = await promotion_service.promote_model(ctx, params, self.registrar)
        return await self._endpoints().followed(ctx, made)

    @skill("rollback_model")
    async def rollback_model(self, ctx: SkillContext, params: RollbackParams) -> SkillResult:
        """An earlier version is the champion again; the history keeps why."""
        made = await promotion_service.rollback_model(ctx, params, self.registrar)
        return await self._endpoints().followed(ctx, made)

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
