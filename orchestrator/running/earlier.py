"""What an order brings along: the person's files, and what the analyses it follows up on have produced."""

from collections.abc import AsyncIterator

from mesh.analysis import AnalyzeOrder, InputRef, PlanStep
from mesh.results import FileRef, Output
from orchestrator.planning.follow_up import REFERRED, Previous
from orchestrator.planning.given import Kept, Part, given_of, source_names
from orchestrator.planning.skills import SOURCE
from orchestrator.store import AnalysisRow, Store

_NOT_HANDED_ON = ("text", *REFERRED)
_OF_ANY_FILES = "model"
_MAX_TURNS = 50
_TURNS_TOLD = 5
_ORDER: tuple[Part, ...] = ("own", "combined", "derived")


class Earlier:
    """Looks up what an order's steps may take without another step making it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def given(self, order: AnalyzeOrder) -> dict[str, Output]:
        """Everything, by name; the files are called `source`, `source-2` and so on."""
        files = source_names(await self._sources(order))
        sources = {name: Output(name=SOURCE, type=SOURCE, file=file) for name, file in files.items()}
        referred = {item.name: item.output for _, items in await self._told(order) for item in items}
        return sources | {item.name: item.output for item in await self.kept(order)} | referred

    async def sources(self, order: AnalyzeOrder) -> dict[str, FileRef]:
        """The files still to be read: the order's own; without any, those of the conversation that no dataset is made of."""
        files = source_names(await self._sources(order))
        if not order.sources:
            for name in {name async for row in self._conversation(order) for name in _loaded(row)}:
                files.pop(name, None)
        return files

    async def kept(self, order: AnalyzeOrder) -> list[Kept]:
        """What the analyses before this one have produced of the same files; the latest of each name, and of each dataset.

        Datasets come in the order in which they were loaded, then what was combined of them, then what else was made. A model
        is for other files too: without one of the same files it is the latest of the conversation.
        """
        found: dict[tuple[str, str], Output] = {}
        parts: dict[tuple[str, str], Part] = {}
        async for row in self._conversation(order):
            steps = (
                {step.id: step for step in row.answer.plan.steps} if row.answer and row.answer.plan else {}
            )
            for report in reversed(row.answer.steps if row.answer else []):
                for output in reversed(report.outputs):
                    if output.type not in _NOT_HANDED_ON:
                        key = output.name, output.dataset.name if output.dataset else ""
                        found.setdefault(key, output)
                        parts[key] = _part(steps.get(report.id))
        if not any(output.type == _OF_ANY_FILES for output in found.values()):
            for output in await self._latest_model(order):
                found[output.name, ""], parts[output.name, ""] = output, "own"
        datasets = [key for key in reversed(found) if found[key].dataset is not None]
        datasets.sort(key=lambda key: _ORDER.index(parts[key]))
        ordered = [*datasets, *(key for key in found if found[key].dataset is None)]
        names = _distinct([name for name, _ in ordered])
        return [
            Kept(name=name, output=found[key], part=parts[key])
            for name, key in zip(names, ordered, strict=True)
        ]

    async def turns(self, order: AnalyzeOrder) -> list[Previous]:
        """The last turns of the conversation in which something was done, newest first, with the results to refer to."""
        return [
            Previous(question=row.order.query, steps=_done(row), given=given_of({}, items))
            for row, items in await self._told(order)
        ]

    async def _told(self, order: AnalyzeOrder) -> list[tuple[AnalysisRow, list[Kept]]]:
        """Those turns with their charts and answers, each under a name of its own in the conversation."""
        rows = [row async for row in self._conversation(order) if _done(row)][:_TURNS_TOLD]
        found = [[output for output in _outputs(row) if output.type in REFERRED] for row in rows]
        names = iter(_distinct([f"earlier-{output.name}" for outputs in found for output in outputs]))
        return [
            (row, [Kept(name=next(names), output=output) for output in outputs])
            for row, outputs in zip(rows, found, strict=True)
        ]

    async def _sources(self, order: AnalyzeOrder) -> list[FileRef]:
        """The files that the conversation is about."""
        if order.sources:
            return order.sources
        async for row in self._conversation(order):
            if row.order.sources:
                return row.order.sources
        return []

    async def _conversation(self, order: AnalyzeOrder) -> AsyncIterator[AnalysisRow]:
        """The analysis this one follows up on, the one before that, and so on while they are about the same files."""
        uris = _uris(order)
        async for earlier in self._line(order):
            theirs = _uris(earlier.order)
            if uris and theirs and uris != theirs:
                return
            yield earlier
            uris = uris or theirs

    async def _line(self, order: AnalyzeOrder) -> AsyncIterator[AnalysisRow]:
        """The analysis this one follows up on, the one before that, and so on, whatever they are about."""
        parent_id = order.parent_id
        for _ in range(_MAX_TURNS):
            earlier = await self._store.get_analysis(parent_id) if parent_id else None
            if earlier is None:
                return
            yield earlier
            parent_id = earlier.order.parent_id

    async def _latest_model(self, order: AnalyzeOrder) -> list[Output]:
        async for row in self._line(order):
            models = [output for output in _outputs(row) if output.type == _OF_ANY_FILES]
            if models:
                return models[-1:]
        return []


def _done(row: AnalysisRow) -> list[PlanStep]:
    """The steps of an analysis that were completed."""
    if row.answer is None or row.answer.plan is None:
        return []
    completed = {report.id for report in row.answer.steps if report.status == "completed"}
    return [step for step in row.answer.plan.steps if step.id in completed]


def _outputs(row: AnalysisRow) -> list[Output]:
    return [output for report in row.answer.steps for output in report.outputs] if row.answer else []


def _uris(order: AnalyzeOrder) -> list[str]:
    return [file.uri for file in order.sources]


def _loaded(row: AnalysisRow) -> set[str]:
    """The names of the files of which an analysis has made datasets."""
    steps = row.answer.plan.steps if row.answer and row.answer.plan else []
    made = {
        report.id
        for report in (row.answer.steps if row.answer else [])
        if any(output.dataset is not None for output in report.outputs)
    }
    return {ref.output for step in steps if step.id in made for ref in _taken(step) if ref.step is None}


def _taken(step: PlanStep) -> list[InputRef]:
    return [ref for refs in step.inputs.values() for ref in refs]


def _part(step: PlanStep | None) -> Part:
    """Whether a step's dataset is one of the data's own, was combined of several, or was made of another."""
    if step is None:
        return "own"
    if any(len(refs) > 1 for refs in step.inputs.values()):
        return "combined"
    of_files = all(ref.step is None and ref.output.partition("-")[0] == SOURCE for ref in _taken(step))
    return "own" if of_files else "derived"


def _distinct(names: list[str]) -> list[str]:
    """The names, each a second and further time with a number: `dataset`, `dataset-2`."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return found
