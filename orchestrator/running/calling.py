"""Gets a step done: tries, other instances, other agents — in that order, within a deadline and a retry budget."""

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import anyio
import httpx
import structlog

from mesh.analysis import PlanStep
from mesh.errors import CancelledError, DeadlineError, MeshError, UnavailableError
from mesh.results import SkillResult
from mesh.settings import MeshSettings
from orchestrator.discovery.discovery import Discovery
from orchestrator.discovery.registry import AgentRecord
from orchestrator.planning.alternatives import alternatives, step_on
from orchestrator.planning.skills import SkillView
from orchestrator.store import StepCall, Store

from .attempt import Attempt, Job
from .balancer import Balancer
from .breaker import Breaker
from .budget import RetryBudget
from .failures import FOR_THE_PERSON
from .flow import inputs_for

_log = structlog.get_logger(__name__)
_TRIES = 3
_RETURN_S = 25.0
_BACKOFF_FIRST_S = 1.0
_BACKOFF_CAP_S = 100.0
_LONE_BACKOFF_CAP_S = 2.0
_SETTLED = FOR_THE_PERSON | {"cancelled", "conflict"}

OnProgress = Callable[[str, float, str], Awaitable[None]]


@dataclass(frozen=True)
class Called:
    """A step that succeeded: with what, and by whom."""

    result: SkillResult
    agent: str
    skill: str
    version: str
    attempts: int


@dataclass(frozen=True)
class _Candidate:
    record: AgentRecord
    skill: SkillView


class StepCaller:
    """Calls skills for steps. One for the whole orchestrator: it remembers how instances behave."""

    def __init__(
        self, settings: MeshSettings, discovery: Discovery, store: Store, http: httpx.AsyncClient
    ) -> None:
        self._settings = settings
        self._discovery = discovery
        self._store = store
        self._http = http
        self._balancer = Balancer()
        self._breaker = Breaker()
        self._budget = RetryBudget()
        discovery.on_passed(self._balancer.probe_passed)
        self._rng = random.Random()  # noqa: S311 - jitter, not a secret

    def candidates(self, step: PlanStep) -> list[tuple[str, str]]:
        """(agent, skill) pairs that can do the step: the planned one, then its stand-ins."""
        return [(step.agent, step.skill), *alternatives(step, self._discovery.skills())]

    async def call(self, job: Job, on_progress: OnProgress) -> Called:
        """The step's result.

        A task that an earlier life of the orchestrator started is waited for, not started again.

        Raises: MeshError: the last failure of the last candidate, or at once one that no retry can mend.
        """
        last: MeshError | None = None
        earlier = await self._store.last_call(job.analysis_id, job.step.id)
        attempt = earlier.attempt if earlier else 0
        if earlier is not None:
            try:
                return await self._rejoin(job, earlier, on_progress)
            except MeshError as error:
                if error.reason in _SETTLED:
                    raise
                last = error
        pairs = self.candidates(job.step)
        for position, (agent, skill_id) in enumerate(pairs):
            candidate = self._find(agent, skill_id)
            if candidate is None:
                last = last or UnavailableError(f"The agent {agent} is not in the mesh any more.")
                continue
            try:
                return await self._persist(
                    job, candidate, attempt, on_progress, alone=position == len(pairs) - 1
                )
            except MeshError as error:
                if error.reason in _SETTLED:
                    raise
                last = error
                attempt = await self._last_attempt(job)
                _log.info("step_failed_over", step=job.step.id, agent=agent, why=error.message)
        raise last or UnavailableError(f"No agent can do {job.step.skill}.")

    async def _persist(
        self, job: Job, candidate: _Candidate, attempt: int, on_progress: OnProgress, *, alone: bool
    ) -> Called:
        """Tries one agent up to three times; the last candidate is given time to come back from a restart."""
        begun = time.monotonic()
        tried: set[str] = set()
        tries = 0
        while True:
            tries += 1
            attempt += 1
            url = self._balancer.choose(list(candidate.record.instances), now=time.monotonic(), avoid=tried)
            try:
                result = await self._once(job, candidate, url, attempt, on_progress, retry=tries > 1)
            except MeshError as error:
                if not error.retryable or job.remaining_s() <= 0:
                    raise
                returning = (
                    alone and time.monotonic() - begun < _RETURN_S and not isinstance(error, DeadlineError)
                )
                if tries >= _TRIES and not returning:
                    raise
                tried.add(url)
                await self._back_off(job, tries, alone=alone)
            else:
                return Called(
                    result, candidate.record.name, candidate.skill.skill_id, candidate.record.version, attempt
                )

    async def _once(
        self, job: Job, candidate: _Candidate, url: str, number: int, on_progress: OnProgress, *, retry: bool
    ) -> SkillResult:
        key = (candidate.record.name, candidate.skill.skill_id)
        wait_s = self._breaker.wait_s(key, time.monotonic())
        if wait_s > 0:
            raise UnavailableError(f"{key[0]} has failed too often; it is left alone for {wait_s:.0f} s.")
        if not self._budget.began(retry=retry):
            raise UnavailableError("Too many retries are under way already.")
        begun = time.monotonic()
        self._balancer.began(url)
        ok = False
        try:
            result = await self._attempt(job, candidate, url, number, on_progress).run(
                self._on(job, candidate), f"{job.analysis_id}:{job.step.id}:{number}"
            )
            ok = True
        except MeshError as error:
            ok = error.reason in _SETTLED
            raise
        else:
            return result
        finally:
            now = time.monotonic()
            self._budget.ended(retry=retry)
            self._balancer.ended(url, ok=ok, seconds=now - begun, now=now)
            self._breaker.ended(key, ok=ok, now=now)

    def _on(self, job: Job, candidate: _Candidate) -> Job:
        """The job as the candidate takes it: the planned step, or the same on a stand-in."""
        if (job.step.agent, job.step.skill) == candidate.skill.key:
            return job
        step = step_on(job.step, *candidate.skill.key, self._discovery.skills())
        return replace(job, step=step, inputs=inputs_for(candidate.skill, job.inputs))

    def _attempt(
        self, job: Job, candidate: _Candidate, url: str, number: int, on_progress: OnProgress
    ) -> Attempt:
        name, skill_id = candidate.record.name, candidate.skill.skill_id

        async def started(task_id: str) -> None:
            call = StepCall(number, name, skill_id, url, task_id)
            await self._store.record_call(job.analysis_id, job.step.id, call)

        async def progressed(fraction: float, message: str) -> None:
            await on_progress(name, fraction, message)

        return Attempt(
            self._settings,
            self._http,
            candidate.record,
            candidate.skill,
            url,
            on_progress=progressed,
            on_task=started,
        )

    async def _rejoin(self, job: Job, earlier: StepCall, on_progress: OnProgress) -> Called:
        candidate = self._find(earlier.agent, earlier.skill)
        if candidate is None:
            raise UnavailableError(f"The agent {earlier.agent} is not in the mesh any more.")
        attempt = self._attempt(job, candidate, earlier.url, earlier.attempt, on_progress)
        result = await attempt.run(job, "", known_task=earlier.task_id)
        return Called(result, earlier.agent, earlier.skill, candidate.record.version, earlier.attempt)

    async def _last_attempt(self, job: Job) -> int:
        last = await self._store.last_call(job.analysis_id, job.step.id)
        return last.attempt if last else 0

    async def _back_off(self, job: Job, tries: int, *, alone: bool) -> None:
        """Full jitter, never past the deadline, ended by a cancel. A lone candidate is asked again sooner."""
        cap = _LONE_BACKOFF_CAP_S if alone else _BACKOFF_CAP_S
        ceiling = min(cap, _BACKOFF_FIRST_S * 2.0 ** (tries - 1))
        seconds = min(max(0.2, self._rng.uniform(0, ceiling)), job.remaining_s())
        with anyio.move_on_after(seconds):
            await job.cancelled.wait()
            raise CancelledError("The analysis was cancelled.")

    def _find(self, agent: str, skill_id: str) -> _Candidate | None:
        try:
            record = self._discovery.registry.get(agent)
        except MeshError:
            return None
        for skill in self._discovery.skills():
            if skill.key == (agent, skill_id) and record.instances:
                return _Candidate(record, skill)
        return None
