"""The serving skills: what a call asks for, done by the service, told in its language."""

from mesh import SkillContext, SkillResult, say
from mesh.errors import BadInputError, NotFoundError
from mesh.scoring.description import describe

from .asking import (
    EndpointParams,
    ServeParams,
    TrialParams,
    WatchModelParams,
    asks_to_end,
    changes_asked_for,
    name_asked_for,
    only_asks,
    trial_asked_for,
    watch_asked_for,
)
from .endpoint import Endpoint, Trial, Watch
from .endpoint_story import (
    followed_finding,
    listed_result,
    served_result,
    stopped_result,
    trial_result,
    watch_result,
)
from .service import Running, Served, ServingService
from .versions import Fetched, model_of
from .watching import ServingWatch


class ServingSkills:
    """Serve, stop, list, try out, watch."""

    def __init__(self, service: ServingService, watch: ServingWatch) -> None:
        self._service = service
        self._watch = watch

    async def serve(self, ctx: SkillContext, params: ServeParams) -> SkillResult:
        """The champion, or the version asked for, behind an address."""
        name, version = await self._registered(ctx, params.name)
        served, fetched = await self._serve(ctx, name, params.version or version, params.port)
        schema = await self._service.named(name).scorer.schema()
        return served_result(served, fetched.champion, schema, ctx.language)

    async def stop(self, ctx: SkillContext, params: EndpointParams) -> SkillResult:
        """An endpoint taken away."""
        return stopped_result(
            await self._service.stop(self._running(ctx, params.name).endpoint.name), ctx.language
        )

    async def list(self, ctx: SkillContext) -> SkillResult:
        """Every endpoint as it is now."""
        return listed_result(
            [await self._service.served(running) for running in self._service.running()], ctx.language
        )

    async def trial(self, ctx: SkillContext, params: TrialParams) -> SkillResult:
        """A trial begun, changed (which begins it anew), ended, or its verdict so far."""
        running = self._running(ctx, params.name)
        going = running.endpoint.trial
        if asks_to_end(ctx.goal, end=params.end):
            return await self._end_trial(ctx, running)
        meant = self._service.registry.meant(ctx.goal, self._service.names())
        version = params.version or meant.version
        if going is not None and version in (None, going.version, running.endpoint.version):
            if only_asks(ctx.goal) or not (changed := changes_asked_for(ctx.goal, params, going)):
                return await self._trial_so_far(ctx, running, going)
            wanted = going.model_copy(update={**changed, "verdict": None})
            served = await self._service.change(
                running.endpoint.name, lambda endpoint, last: endpoint.with_trial(wanted, last)
            )
            return trial_result(served, served.endpoint.trial or wanted, None, ctx.language)
        if going is None and version is None and only_asks(ctx.goal):
            raise BadInputError(_no_trial(ctx, running.endpoint.name))
        challenger = await self._challenger(ctx, running.endpoint, version)
        trial = trial_asked_for(ctx.goal, params, challenger.version)
        served = await self._service.change(
            running.endpoint.name, lambda endpoint, last: endpoint.with_trial(trial, last)
        )
        return trial_result(served, served.endpoint.trial or trial, None, ctx.language)

    async def watch(self, ctx: SkillContext, params: WatchModelParams) -> SkillResult:
        """A watch begun, changed or ended, and what it has seen."""
        running = await self._watched(ctx, params)
        name, before = running.endpoint.name, running.endpoint.watch
        if before is not None and asks_to_end(ctx.goal, end=params.end):
            served = await self._service.change(name, lambda endpoint, last: endpoint.with_watch(None, last))
            return watch_result(served, None, ctx.language)
        wanted = watch_asked_for(ctx, params, running.endpoint)
        if wanted != before:
            await self._service.change(name, lambda endpoint, last: _watched_by(endpoint, wanted, last))
        seen = await self._watch.look(running)
        return watch_result(await self._service.served(running), seen["watch"], ctx.language)

    async def followed(self, ctx: SkillContext, result: SkillResult) -> SkillResult:
        """The result of a change in the registry, with what it meant for endpoints that serve the champion."""
        names = {output.data["name"] for output in result.outputs if output.data and "name" in output.data}
        moved = [
            followed_finding(served, ctx.language)
            for name in sorted(names & set(self._service.names()))
            if (served := await self._service.follow(name, ctx.language)) is not None
        ]
        return result.model_copy(update={"findings": [*result.findings, *moved]})

    async def _registered(self, ctx: SkillContext, given: str | None) -> tuple[str, int | None]:
        """The registered model that is meant, and the version when the sentence names one."""
        names = await self._service.registry.names()
        meant = self._service.registry.meant(ctx.goal, names)
        name = name_asked_for(ctx, given, names, meant.name)
        if name is None:
            raise NotFoundError(
                say(
                    ctx.language,
                    en="No model is registered that could be served; train one and register it first.",
                    ko="서빙할 등록 모델이 없습니다. 먼저 모델을 학습해 등록해 주십시오.",
                )
            )
        return name, meant.version

    async def _serve(
        self, ctx: SkillContext, name: str, version: int | None, port: int | None
    ) -> tuple[Served, Fetched]:
        await ctx.progress(0.1, say(ctx.language, en="Fetching the model", ko="모델을 가져오고 있습니다"))
        fetched = await self._service.fetched(name, version, ctx.language)
        describe(fetched.model)
        await ctx.progress(
            0.4, say(ctx.language, en="Starting the endpoint", ko="엔드포인트를 시작하고 있습니다")
        )
        served = await self._service.serve(fetched, port, follows=version is None, language=ctx.language)
        return served, fetched

    def _running(self, ctx: SkillContext, given: str | None) -> Running:
        names = self._service.names()
        name = name_asked_for(ctx, given, names, self._service.registry.meant(ctx.goal, names).name)
        if name is None:
            raise NotFoundError(
                say(
                    ctx.language,
                    en="No model is served now. Serve one first.",
                    ko="지금 서빙 중인 모델이 없습니다. 먼저 모델을 서빙해 주십시오.",
                )
            )
        return self._service.named(name, ctx.language)

    async def _watched(self, ctx: SkillContext, params: WatchModelParams) -> Running:
        """The endpoint to watch; a model that is registered and not served yet is served first."""
        served = self._service.names()
        if served and ctx.inputs.output("model_version") is None:
            return self._running(ctx, params.name)
        name, _ = await self._registered(ctx, params.name)
        if name not in served:
            await self._serve(ctx, name, None, None)
        return self._service.named(name)

    async def _challenger(self, ctx: SkillContext, endpoint: Endpoint, version: int | None) -> Fetched:
        """The version to try out, which must take the same rows and give the same kind of answer."""
        version = version or await self._service.registry.newest(endpoint.name)
        if version is None or version == endpoint.version:
            raise BadInputError(
                say(
                    ctx.language,
                    en="'{name}' has no other version than {version} to try out; train and register one first.",
                    ko="'{name}'에는 버전 {version} 외에 시험할 버전이 없습니다. 먼저 학습해 등록해 주십시오.",
                    name=endpoint.name,
                    version=endpoint.version,
                )
            )
        found = await self._service.fetched(endpoint.name, version, ctx.language)
        champion = model_of(self._service.folders.versions(endpoint.name) / str(endpoint.version))
        new, old = describe(found.model), describe(champion)
        if (new.task, set(new.classes)) != (old.task, set(old.classes)) or set(new.columns) - set(
            old.columns
        ):
            raise BadInputError(
                say(
                    ctx.language,
                    en="Version {version} cannot be tried out beside version {champion}: it takes other columns "
                    "({columns}) or gives other answers.",
                    ko="버전 {version}(은/는) 버전 {champion}(과/와) 함께 시험할 수 없습니다. 받는 열({columns})이나 답의 "
                    "종류가 다릅니다.",
                    version=version,
                    champion=endpoint.version,
                    columns=", ".join(new.columns),
                )
            )
        return found

    async def _trial_so_far(self, ctx: SkillContext, running: Running, trial: Trial) -> SkillResult:
        seen = await self._watch.look(running)
        served = await self._service.served(running)
        return trial_result(served, served.endpoint.trial or trial, seen["trial"], ctx.language)

    async def _end_trial(self, ctx: SkillContext, running: Running) -> SkillResult:
        trial = running.endpoint.trial
        if trial is None:
            raise BadInputError(_no_trial(ctx, running.endpoint.name))
        seen = await self._watch.look(running)
        served = await self._service.change(
            running.endpoint.name, lambda endpoint, last: endpoint.with_trial(None, last)
        )
        return trial_result(served, trial, seen["trial"], ctx.language)


def _watched_by(endpoint: Endpoint, wanted: Watch, last: int) -> Endpoint:
    """The endpoint under a new watch, or under the one it has with other settings."""
    if endpoint.watch is None:
        return endpoint.with_watch(wanted, last)
    return endpoint.model_copy(update={"watch": wanted})


def _no_trial(ctx: SkillContext, name: str) -> str:
    return say(
        ctx.language,
        en="No challenger of '{name}' is being tried out. Start an A/B or a shadow test first.",
        ko="'{name}'에서 시험 중인 도전자가 없습니다. 먼저 A/B 테스트나 섀도 테스트를 시작해 주십시오.",
        name=name,
    )
