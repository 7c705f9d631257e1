"""Analyses that are really made: the agents' own skills run in this process, with a folder for storage."""

import csv
import hashlib
import math
import random
import shutil
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from a2a.types import Part

from mesh.agent import Agent
from mesh.analysis import Analysis, Plan, PlanStep, StepReport
from mesh.catalogue import agent_class, local_services
from mesh.compute import ComputeClient
from mesh.context import Inputs, SkillContext
from mesh.language import Language
from mesh.results import DatasetRef, FileRef, Output, SkillResult
from mesh.settings import load_settings
from mesh.storage import StorageClient
from orchestrator.running.outcome import StepOutcome, report_of
from orchestrator.synthesis.answer import findings_of, summary_of, warnings_of
from tests.orchestrator.reporting.building import analysis

ROOT = Path(__file__).resolve().parents[3]
T = TypeVar("T")


class Folder(StorageClient):
    """Storage without a service: objects lie in a folder by their checksum."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put_file(self, path: Path, *, name: str, media_type: str) -> FileRef:
        body = path.read_bytes()
        sha256 = hashlib.sha256(body).hexdigest()
        shutil.copyfile(path, self.folder / sha256)
        return FileRef(
            name=name, media_type=media_type, uri=f"mesh://objects/{sha256}", bytes=len(body), sha256=sha256
        )

    async def local(self, ref: FileRef | DatasetRef) -> Path:
        return self.folder / str(ref.sha256)


class Here(ComputeClient):
    """Computes in this process."""

    def __init__(self) -> None:
        pass

    async def run(
        self,
        fn: Callable[..., T],
        *args: Any,
        timeout_s: float | None = None,
        on_progress: Callable[[float, str], None] | None = None,
        **kwargs: Any,
    ) -> T:
        named = fn.__code__.co_varnames[: fn.__code__.co_argcount + fn.__code__.co_kwonlyargcount]
        heard = {"progress": _unheard} if "progress" in named else {}
        return fn(*args, **kwargs, **heard)


def _unheard(fraction: float, message: str) -> None:
    pass


class Unheard:
    """A reporter nobody listens to."""

    async def progress(self, fraction: float, message: str) -> None:
        pass

    async def artifact(
        self, parts: Sequence[Part], *, name: str, artifact_id: str | None, append: bool, last: bool
    ) -> None:
        pass


class Desk:
    """Does one skill after another on the results of those before, as an analysis of the mesh would."""

    def __init__(self, folder: Path, question: str, language: Language) -> None:
        self.storage = Folder(folder)
        self.question = question
        self.language = language
        self.steps: list[StepReport] = []
        self.results: dict[str, SkillResult] = {}
        self.planned: list[PlanStep] = []
        settings = load_settings(cards_dir=ROOT / "agent_cards", home=folder / "home")
        self._specs = {spec.name: spec for spec in local_services(settings)}
        self._settings = settings

    async def do(self, agent_name: str, skill_id: str, source: Path | None = None, **params: Any) -> None:
        """Runs a skill with everything of a type it consumes, and keeps what it gave."""
        spec = self._specs[agent_name]
        agent: Agent = agent_class(spec)(spec.name, spec.card(), self._settings)
        skill = agent.skills[skill_id]
        given = [output for step in self.steps for output in step.outputs]
        if source is not None:
            file = await self.storage.put_file(source, name=source.name, media_type="text/csv")
            given.append(Output(name="source", type="source", file=file))
        inputs = {
            flow.name: [item for item in given if item.type == flow.type] for flow in skill.flow.consumes
        }
        ctx = SkillContext(
            goal=self.question,
            language=self.language,
            inputs=Inputs({name: found for name, found in inputs.items() if found}),
            task_id=skill_id,
            context_id="context",
            metadata={},
            reporter=Unheard(),
            compute=Here(),
            storage=self.storage,
            scratch_dir=self.storage.folder / "scratch",
        )
        result = await skill.method(ctx, skill.params(**params))
        await ctx.close()
        self._keep(
            PlanStep(id=skill_id, skill=skill_id, agent=spec.name, stage=skill.flow.stage, params=params),
            result,
        )

    def _keep(self, step: PlanStep, result: SkillResult) -> None:
        self.planned.append(step)
        self.results[step.id] = result
        self.steps.append(
            report_of(step, StepOutcome(step=step, status="completed", result=result, attempts=1), step.id)
        )

    def analysis(self) -> Analysis:
        """What the orchestrator would make of the steps."""
        plan = Plan(goal=self.question, language=self.language, planner="built-in", steps=self.planned)
        return analysis(
            *self.steps,
            language=self.language,
            query=self.question,
            plan=plan,
            summary=summary_of(plan, self.steps, self.language),
            findings=findings_of(self.steps, {name: item.findings for name, item in self.results.items()}),
            warnings=warnings_of(plan, self.steps, self.language),
        )


def sales_file(folder: Path) -> Path:
    """Two years of daily sales in three cities with a weekly and a yearly season, some gaps and odd spellings."""
    rng = random.Random(7)
    rows = []
    for day in range(730):
        on = date(2023, 1, 1) + timedelta(days=day)
        season = (
            1 + 0.3 * math.cos(2 * math.pi * (on.timetuple().tm_yday - 350) / 365) + 0.2 * (on.weekday() >= 5)
        )
        for city, size in (("Seoul", 60), ("Busan", 25), ("Jeju", 12)):
            units = max(1, round(size * season * (1 + day / 2000) * rng.uniform(0.85, 1.15)))
            name = city.upper() if rng.random() < 0.01 else city
            rows.append([on.isoformat(), name, units, "" if rng.random() < 0.02 else 12 * units])
    rows.append(rows[-1])
    return _written(folder / "sales.csv", ["date", "city", "units", "revenue"], rows)


def customers_file(folder: Path) -> Path:
    """Six hundred customers, of whom those with short contracts and high fees leave more often."""
    rng = random.Random(11)
    rows = []
    for number in range(600):
        contract, fee = rng.choice(["monthly", "yearly"]), round(rng.uniform(20, 120), 2)
        risk = 0.1 + 0.35 * (contract == "monthly") + 0.003 * (fee - 20)
        rows.append(
            [f"C{number:04d}", contract, fee, rng.randint(1, 72), "yes" if rng.random() < risk else "no"]
        )
    return _written(folder / "customers.csv", ["customer_id", "contract", "fee", "tenure", "left"], rows)


def _written(path: Path, columns: list[str], rows: list[list[Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *rows])
    return path
