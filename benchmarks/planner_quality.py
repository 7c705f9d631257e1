"""How often the built-in planner plans what was asked: precision and recall per language, on labelled questions.

Usage: python benchmarks/planner_quality.py [--cards DIR] [--questions DIR] [--out FILE]
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from mesh.analysis import Plan  # noqa: E402
from mesh.errors import NeedsInputError  # noqa: E402
from orchestrator.planning.given import Given  # noqa: E402
from orchestrator.planning.planner import build_plan  # noqa: E402
from orchestrator.planning.skills import SkillView, skills_of  # noqa: E402

CARDS = ROOT / "agent_cards"
QUESTIONS = ROOT / "tests/orchestrator/planning/questions"
RESULTS = ROOT / "benchmarks/results/planner_quality.json"


@dataclass(frozen=True)
class Verdict:
    """One question: the output types that were planned and not wanted, and those wanted and not planned."""

    question: str
    language: str
    held_out: bool
    planned: list[str]
    extra: list[str]
    missing: list[str]
    confidence: float

    @property
    def right(self) -> bool:
        """Whether the plan does what was asked, all of it and nothing else."""
        return not self.extra and not self.missing


def load_skills(folder: Path) -> list[SkillView]:
    """The skills of every card in a folder."""
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [skill for card in cards for skill in skills_of(card)]


def load_questions(folder: Path = QUESTIONS, name: str = "*") -> list[dict[str, Any]]:
    """The labelled questions of a folder's files: expected and allowed output types, what is given, whether held out."""
    files = sorted(folder.glob(f"{name}.json"))
    return [row for path in files for row in json.loads(path.read_text(encoding="utf-8"))]


def answered_types(plan: Plan, skills: Sequence[SkillView]) -> set[str]:
    """The types the plan gives to the person: of steps that no other step needs, the types always produced."""
    views = {skill.key: skill for skill in skills}
    needed = {
        ref.step
        for step in plan.steps
        for flow in views[step.agent, step.skill].consumes
        if flow.required or flow.type == "dataset"
        for ref in step.inputs.get(flow.name, [])
    }
    return {
        flow.type
        for step in plan.steps
        for flow in views[step.agent, step.skill].produces
        if flow.required and (step.id not in needed or flow.type not in ("dataset", "load_report"))
    } - {"load_report"}


def judge(row: dict[str, Any], skills: Sequence[SkillView]) -> Verdict:
    """Plans one labelled question and compares."""
    given = [Given(name=type_, type=type_) for type_ in row["given"]]
    try:
        plan = build_plan(row["question"], row["language"], given, skills)
        planned = answered_types(plan, skills)
        confidence = min((step.confidence for step in plan.steps if not step.optional), default=1.0)
    except NeedsInputError:
        planned, confidence = set(), 1.0
    wanted, allowed = set(row["expect"]), {*row["expect"], *row["allow"]}
    return Verdict(
        question=row["question"],
        language=row["language"],
        held_out=row["held_out"],
        planned=sorted(planned),
        extra=sorted(planned - allowed),
        missing=sorted(wanted - planned),
        confidence=confidence,
    )


def quality(verdicts: Iterable[Verdict], rows: Sequence[dict[str, Any]]) -> dict[str, float | int]:
    """Precision and recall over output types, the share of questions planned exactly right, out-of-scope ones included,
    and the Brier score of the plan's least confident step that was asked for (0 is best)."""
    expected = {row["question"]: set(row["expect"]) for row in rows}
    found = list(verdicts)
    hits = sum(len(expected[item.question] & set(item.planned)) for item in found)
    extra = sum(len(item.extra) for item in found)
    missing = sum(len(item.missing) for item in found)
    return {
        "questions": len(found),
        "precision": round(hits / (hits + extra), 4) if hits + extra else 1.0,
        "recall": round(hits / (hits + missing), 4) if hits + missing else 1.0,
        "exact": round(sum(item.right for item in found) / len(found), 4) if found else 1.0,
        "brier": round(sum((item.confidence - item.right) ** 2 for item in found) / len(found), 4)
        if found
        else 0.0,
    }


def main() -> None:
    """Measures, prints the table, writes the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cards", type=Path, default=CARDS)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    skills, rows = load_skills(options.cards), load_questions(options.questions)
    start = time.perf_counter()
    verdicts = [judge(row, skills) for row in rows]
    seconds = time.perf_counter() - start
    table = {
        f"{language} {part}": quality(
            [
                item
                for item in verdicts
                if item.language == language and item.held_out == (part == "held out")
            ],
            rows,
        )
        for language in ("en", "ko")
        for part in ("development", "held out")
    }
    print(f"{'':16} {'questions':>9} {'precision':>9} {'recall':>7} {'exact':>7} {'brier':>7}")
    for name, row in table.items():
        print(
            f"{name:16} {row['questions']:>9} {row['precision']:>9.3f} {row['recall']:>7.3f} {row['exact']:>7.3f}"
            f" {row['brier']:>7.3f}"
        )
    print(f"{1000 * seconds / len(rows):.1f} ms a plan over {len(skills)} skills")
    wrong = [asdict(item) for item in verdicts if not item.right]
    report = {"skills": len(skills), "ms_per_plan": round(1000 * seconds / len(rows), 2), "table": table}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps(report | {"wrong": wrong}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
