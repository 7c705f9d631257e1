"""Whether a version may become the champion: gates, each with its numbers."""

from dataclasses import dataclass, field
from typing import Any, Literal

from .comparison import Candidate, Comparison
from .metric_names import metric_name
from .resampling import LEVEL
from .schema import input_changes

GateName = Literal["task", "schema", "file", "sample", "better", "segments"]
LEAST_ROWS = 30


@dataclass(frozen=True)
class Rules:
    """What a new champion must do: be better by `margin` (in units of the metric) on `least_rows` rows or more."""

    margin: float = 0.0
    least_rows: int = LEAST_ROWS


@dataclass(frozen=True)
class Gate:
    """One condition. `passed` is None when it could not be measured, which does not bar; `facts` are its numbers.

    `why` tells reasons of one gate apart.
    """

    name: GateName
    passed: bool | None
    why: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What the gates say. Without a champion there is none to be better than, and no gate."""

    gates: tuple[Gate, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing bars the promotion."""
        return not self.failed

    @property
    def failed(self) -> tuple[Gate, ...]:
        """The gates that bar it."""
        return tuple(gate for gate in self.gates if gate.passed is False)


def decide(comparison: Comparison, rules: Rules) -> Decision:
    """Whether the second of the compared models may take the place of the first, the champion."""
    first, second = comparison.first, comparison.second
    task = _task_gate(first, second)
    if task.passed is False:
        return Decision((task,))
    return Decision(
        (
            task,
            _schema_gate(first, second),
            _file_gate(first, second),
            _sample_gate(comparison, rules),
            _better_gate(comparison, rules),
            _segment_gate(comparison),
        )
    )


def _task_gate(first: Candidate, second: Candidate) -> Gate:
    """Both must predict the same column in the same way, and name the same classes."""
    old, new = first.schema, second.schema
    facts = {"before": f"{old.task} {old.target}", "after": f"{new.task} {new.target}"}
    if (old.task, old.target) != (new.task, new.target):
        return Gate("task", passed=False, why="other", facts=facts)
    if set(old.classes) != set(new.classes):
        classes = {"before": ", ".join(old.classes), "after": ", ".join(new.classes)}
        return Gate("task", passed=False, why="classes", facts=classes)
    return Gate("task", passed=True, why="same", facts=facts)


def _schema_gate(first: Candidate, second: Candidate) -> Gate:
    """Whoever sends rows to the champion must be able to send them to the new version unchanged."""
    changed = input_changes(first.schema, second.schema)
    for why in ("added", "retyped"):
        if changed[why]:
            facts = {"columns": ", ".join(changed[why]), "count": len(changed[why])}
            return Gate("schema", passed=False, why=why, facts=facts)
    return Gate("schema", passed=True, why="fits", facts={"count": len(second.schema.inputs)})


def _file_gate(first: Candidate, second: Candidate) -> Gate:
    """A champion that can be loaded does not give way to one that cannot."""
    if first.has_file and not second.has_file:
        return Gate("file", passed=False, why="missing")
    return (
        Gate("file", passed=True, why="there")
        if second.has_file
        else Gate("file", passed=None, why="neither")
    )


def _sample_gate(comparison: Comparison, rules: Rules) -> Gate:
    if comparison.rows is None:
        return Gate("sample", passed=None, why="unknown", facts={"least": rules.least_rows})
    facts = {"rows": comparison.rows, "least": rules.least_rows}
    enough = comparison.rows >= rules.least_rows
    return Gate("sample", passed=enough, why="enough" if enough else "few", facts=facts)


def _better_gate(comparison: Comparison, rules: Rules) -> Gate:
    """Better by more than the margin, with an interval of the gain that does not reach below 0.

    Scores alone count where both come from hold-outs of the same size of one dataset; there is no interval then. Scores from
    different data say nothing of the models.
    """
    before, after = comparison.values
    gain, main = comparison.gain, comparison.main
    if gain is None:
        return Gate(
            "better", passed=False, why="metric", facts={"metric": metric_name(comparison.second.metric)}
        )
    facts: dict[str, Any] = {
        "metric": metric_name(comparison.metric),
        "before": before,
        "after": after,
        "gain": gain,
        "margin": rules.margin,
    }
    if comparison.basis in {"separate", "scores"} and not comparison.same_data:
        return Gate("better", passed=False, why="other_data", facts=facts)
    enough = gain > rules.margin or (gain == rules.margin > 0)
    if main is None:
        sizes = {candidate.model.get("rows_test") for candidate in (comparison.first, comparison.second)}
        if len(sizes) > 1:
            return Gate("better", passed=False, why="other_data", facts=facts)
        return Gate("better", passed=enough, why="score_better" if enough else "not_better", facts=facts)
    facts |= {"low": main.gain.low, "high": main.gain.high, "level": LEVEL}
    if not enough:
        return Gate("better", passed=False, why="not_better", facts=facts)
    if main.gain.low is None:
        return Gate("better", passed=False, why="no_interval", facts=facts)
    if main.gain.low < 0:
        return Gate("better", passed=False, why="chance", facts=facts)
    return Gate("better", passed=True, why="better", facts=facts)


def _segment_gate(comparison: Comparison) -> Gate:
    if not comparison.segments:
        return Gate("segments", passed=None, why="unknown")
    worse = comparison.worse_segments
    facts: dict[str, Any] = {"segments": len(comparison.segments), "worse": len(worse)}
    if not worse:
        return Gate("segments", passed=True, why="none", facts=facts)
    first = worse[0]
    facts |= {
        "feature": first.feature,
        "level": first.level,
        "rows": first.rows,
        "before": first.before,
        "after": first.after,
        "p": first.p_adjusted,
    }
    return Gate("segments", passed=False, why="worse", facts=facts)
