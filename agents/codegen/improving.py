"""Better code that does the same: candidates are run beside the original, and only one with equal results is taken."""

import asyncio
import difflib
import hashlib
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from mesh.errors import MeshError
from mesh.llm.model import LanguageModel

from .linting import Complaint, complaints_of, tidied
from .rewriting import STYLES, Offer, Style, applied, offers
from .sandbox import CodeRun, Limits
from .sessions import Sessions

ROUNDS = 3
BUILT_IN, RUFF = "built-in", "ruff"
_RUNS = 3
_MOST_OFFERS = 5
_FASTER = 0.9
_NOISE, _NOISE_S = 1.5, 0.1
"""A version counts as equally fast when its best run takes less than half as long again, or less than 0.1 s more."""
Progress = Callable[[float], Awaitable[None]]


class Rewrite(BaseModel):
    """A model's version of the code, and in a sentence what it changed."""

    code: str
    explanation: str


@dataclass(frozen=True)
class Outcome:
    """One version: its first run, seconds of every run, and the checksum of every file it made."""

    code: str
    run: CodeRun
    seconds: list[float]
    files: dict[str, str]

    @property
    def median_s(self) -> float:
        """Seconds that it takes."""
        return statistics.median(self.seconds)

    def as_fast_as(self, other: "Outcome") -> bool:
        """Whether it is not slower beyond noise: the best runs are compared, which a busy machine disturbs least."""
        best, bar = min(self.seconds), min(other.seconds)
        return best < max(_NOISE * bar, bar + _NOISE_S)


@dataclass(frozen=True)
class Improvement:
    """The original and the version to take instead, which is the original when nothing better has equal results.

    `compared` counts what was found equal: output, value, files and variables. `by` says whose version it is: `built-in`,
    `ruff`, both, the model's name, or empty. `refused` says why versions of the model were not taken.
    """

    before: Outcome
    after: Outcome
    complaints_before: list[Complaint]
    complaints_after: list[Complaint]
    compared: dict[str, int] = field(default_factory=dict)
    by: str = ""
    explanation: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def diff(self) -> str:
        """A unified diff from the original to the better version; empty when they are the same."""
        lines = difflib.unified_diff(
            self.before.code.splitlines(), self.after.code.splitlines(), "before.py", "after.py", lineterm=""
        )
        return "\n".join(lines)


class Improver:
    """Tries versions of a piece of code on the same data."""

    def __init__(
        self,
        sessions: Sessions,
        datasets: Mapping[str, Path],
        limits: Limits,
        model: LanguageModel | None,
        deadline_s: float,
    ) -> None:
        self._sessions = sessions
        self._datasets = datasets
        self._limits = limits
        self._model = model
        self._deadline_s = deadline_s

    async def improve(self, code: str, goal: str, progress: Progress) -> Improvement:
        """The best version found. The original's first run tells whether it can be compared at all: `before.run.ok`."""
        before = await self._measured(code, profile=True)
        complaints = await self._complaints(code)
        best = Improvement(before, before, complaints, complaints)
        if not before.run.ok:
            return best
        await progress(0.3)
        for style in STYLES:
            best = await self._written_anew(best, style)
        await progress(0.4)
        code = best.after.code
        tidy = [await asyncio.to_thread(tidied, code, unsafe=unsafe) for unsafe in (False, True)]
        for candidate in dict.fromkeys(tidy):
            best = await self._better(
                best, candidate, RUFF if best.by in ("", RUFF) else f"{BUILT_IN}, {RUFF}"
            )
        await progress(0.5)
        return await self._rewritten(best, goal, progress) if self._model is not None else best

    async def _better(self, best: Improvement, code: str, by: str, explanation: str = "") -> Improvement:
        """`code` when it does the same as the original and is faster or cleaner than the best so far."""
        if code.strip() == best.after.code.strip():
            return best
        after = await self._measured(code)
        compared = compare(best.before, after)
        if isinstance(compared, str):
            return Improvement(**{**vars(best), "refused": [*best.refused, compared]})
        complaints = await self._complaints(code)
        faster = after.median_s < _FASTER * best.after.median_s
        cleaner = len(complaints) < len(best.complaints_after) and after.as_fast_as(best.after)
        if not (faster or cleaner):
            return best
        return Improvement(
            best.before, after, best.complaints_before, complaints, compared, by, explanation, best.refused
        )

    async def _written_anew(self, best: Improvement, style: Style) -> Improvement:
        """With loops over rows and functions that `apply` calls written another way: all of them, else each that can be."""
        found = offers(best.after.code, style)
        if not found:
            return best
        code = best.after.code
        taken = await self._better(best, applied(code, found), BUILT_IN)
        if taken.after is not best.after or len(found) == 1:
            return taken
        kept: list[Offer] = []
        for offer in found[:_MOST_OFFERS]:
            tried = await self._better(taken, applied(code, [*kept, offer]), BUILT_IN)
            if tried.after is not taken.after:
                kept.append(offer)
            taken = tried
        return taken

    async def _rewritten(self, best: Improvement, goal: str, progress: Progress) -> Improvement:
        """Asks the model for up to three versions; each that fails is told why."""
        assert self._model is not None
        why = ""
        for turn in range(ROUNDS):
            try:
                rewrite = await self._model.ask(Rewrite, _SYSTEM, _prompt(best, goal, why), self._deadline_s)
            except MeshError as error:
                return Improvement(**{**vars(best), "refused": [*best.refused, str(error)]})
            await progress(0.5 + 0.15 * (turn + 1))
            refused = len(best.refused)
            taken = await self._better(best, rewrite.code, self._model.model, rewrite.explanation)
            if len(taken.refused) == refused:
                return taken
            best, why = taken, taken.refused[-1]
        return best

    async def _measured(self, code: str, *, profile: bool = False) -> Outcome:
        """Runs a version in sandboxes of its own, once for its results and, when it ends well, again for its time."""
        first, files = await self._once(code, digest=True)
        seconds = [first.seconds]
        for _ in range(_RUNS - 1 if first.ok else 0):
            again, _ = await self._once(code)
            seconds.append(again.seconds)
        if profile and first.ok:
            profiled, _ = await self._once(code, profile=True)
            first = CodeRun(**{**vars(first), "profile": profiled.profile})
        return Outcome(code, first, seconds, files)

    async def _once(
        self, code: str, *, digest: bool = False, profile: bool = False
    ) -> tuple[CodeRun, dict[str, str]]:
        async with self._sessions.single(self._limits) as sandbox:
            run = await sandbox.run(code, self._datasets, digest=digest, profile=profile)
            made = await asyncio.to_thread(_checksums, sandbox.folder, run.files)
        return run, made

    async def _complaints(self, code: str) -> list[Complaint]:
        return await asyncio.to_thread(complaints_of, code, known=self._datasets)


def compare(before: Outcome, after: Outcome) -> dict[str, int] | str:
    """How many outputs, values, files and variables are equal; or in words what is not, which also counts when there is nothing.

    Variables that only one version leaves, such as a loop's, do not count.
    """
    old, new = before.run, after.run
    if not new.ok:
        return f"the new version stopped: {(new.error or {}).get('type', new.stopped)}: {(new.error or {}).get('message', '')}"
    if old.stdout != new.stdout:
        return "the new version prints something else"
    if old.value != new.value or old.table != new.table:
        return "the new version gives another value"
    if before.files != after.files:
        return "the new version writes other files"
    shared = sorted(old.digests.keys() & new.digests.keys())
    different = [name for name in shared if old.digests[name] != new.digests[name]]
    if different:
        return f"the new version leaves other values in {', '.join(different)}"
    found = {
        "output": int(bool(old.stdout)),
        "value": int(old.value is not None),
        "files": len(before.files),
        "variables": len(shared),
    }
    return (
        found
        if any(found.values())
        else "there is nothing to compare: the code prints, gives, writes and keeps nothing"
    )


def _checksums(folder: Path, names: Sequence[str]) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


_SYSTEM = (
    "You improve Python data code. Return the whole program. It must print the same, give the same last value, write the same "
    "files and leave the same values in its variables, only faster and clearer. Use only numpy, pandas and the standard library. "
    "Do not read or write anything else, and invent no data."
)


def _prompt(best: Improvement, goal: str, why: str) -> str:
    slow = [
        f"{item['function']} (line {item['line']}): {item['own_s']:.4f} s"
        for item in best.before.run.profile[:5]
    ]
    remarks = [f"line {item.line}: {item.rule} {item.message}" for item in best.complaints_after[:20]]
    parts: Sequence[str] = (
        f"The request: {goal[:2000]}",
        f"The program:\n{best.after.code}",
        f"It takes {best.after.median_s:.4f} s. The slowest functions: {'; '.join(slow) or 'none'}",
        f"The linter says: {'; '.join(remarks) or 'nothing'}",
        f"Your last version was refused: {why}" if why else "",
    )
    return "\n\n".join(part for part in parts if part)
