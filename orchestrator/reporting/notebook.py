"""The notebook of an analysis: the one a step made, or one made on request by an agent whose card offers notebooks."""

import time
from collections.abc import Mapping

import anyio

from mesh.analysis import Analysis, PlanStep
from mesh.calls import Inputs
from mesh.errors import NotFoundError
from mesh.results import FileRef, Output
from mesh.storage import StorageClient
from orchestrator.discovery.discovery import Discovery
from orchestrator.planning.skills import SkillView
from orchestrator.running.attempt import Job
from orchestrator.running.calling import StepCaller

_TYPE = "notebook"
_STEP = "notebook-on-request"
_TIMEOUT_S = 180.0


class Notebooks:
    """Finds or makes notebooks."""

    def __init__(self, discovery: Discovery, caller: StepCaller, storage: StorageClient) -> None:
        self._discovery = discovery
        self._caller = caller
        self._storage = storage

    async def of(self, analysis: Analysis) -> bytes:
        """The executed notebook of an analysis, as .ipynb.

        Raises: NotFoundError when no agent can make one, or the analysis has no data.
        """
        outputs = [output for step in analysis.steps for output in step.outputs]
        made = next((output for output in outputs if output.type == _TYPE), None)
        if made is None:
            made = await self._make(analysis, outputs)
        return await anyio.Path(await self._storage.local(_notebook_file(made))).read_bytes()

    async def _make(self, analysis: Analysis, outputs: list[Output]) -> Output:
        by_type: Inputs = {}
        for output in outputs:
            by_type.setdefault(output.type, []).append(output)
        skill = self._skill(by_type)
        step = PlanStep(id=_STEP, skill=skill.skill_id, agent=skill.agent, stage=skill.stage)
        job = Job(
            analysis_id=analysis.id,
            step=step,
            goal=analysis.query,
            language=analysis.language,
            inputs={flow.name: by_type[flow.type] for flow in skill.consumes if flow.type in by_type},
            cancelled=anyio.Event(),
            deadline=time.monotonic() + _TIMEOUT_S,
        )
        called = await self._caller.call(job, _ignore_progress)
        return next(output for output in called.result.outputs if output.type == _TYPE)

    def _skill(self, given: Mapping[str, object]) -> SkillView:
        for skill in self._discovery.skills():
            needs = {flow.type for flow in skill.consumes if flow.required}
            if skill.plannable and skill.available and skill.gives(_TYPE) and needs <= set(given):
                return skill
        raise NotFoundError(
            "No notebook can be made of this analysis: it has no dataset, or no agent offers notebooks."
        )


def _notebook_file(output: Output) -> FileRef:
    for file in [output.file, *output.files]:
        if file is not None and file.name.endswith(".ipynb"):
            return file
    raise NotFoundError("The notebook's file is missing from the step's result.")


async def _ignore_progress(_agent: str, _fraction: float, _message: str) -> None:
    return None
