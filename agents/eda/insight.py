"""The report in sentences: findings ranked by strength, and the summary."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .column_findings import association_findings, correlation_findings, skew_findings, total_findings
from .driver_findings import driver_findings, reversal_findings
from .group_findings import breakdown_findings, comparison_findings, rate_findings
from .repetition import without_repeats
from .shape_findings import curve_findings, fit_findings, missing_findings
from .time_findings import time_findings

MAX_FINDINGS = 16

SUMMARY_FINDINGS = 4
HEADLINE = ("total", "growth", "breakdown", "season")

TOPIC_KINDS: dict[str, frozenset[str]] = {
    "season": frozenset({"season", "weekday"}),
    "trend": frozenset({"trend", "growth"}),
    "driver": frozenset({"driver"}),
    "comparison": frozenset({"comparison"}),
    "correlation": frozenset({"correlation", "driver"}),
    "distribution": frozenset({"distribution", "total"}),
    "breakdown": frozenset({"breakdown"}),
}

TOPIC_WEIGHT = 0.3

OFF_TARGET_WEIGHT = 0.6
SIDE_WEIGHT = 0.8


def find_insights(report: dict[str, Any], language: Language) -> list[Finding]:
    """All findings, what the question asks about first, then by strength, at most `MAX_FINDINGS`."""
    focus = report["focus"]
    measures = tuple(focus["measures"])
    numeric = sum(1 for c in report["columns"] if c["semantic"] in {"measure", "count", "intensive"})
    found = [
        *total_findings(report["columns"], measures[:2], report["time"], language),
        *time_findings(report["time"], language),
        *breakdown_findings(report["breakdowns"], language),
        *rate_findings(report["target"], report["breakdowns"], language),
        *driver_findings(report["drivers"], language),
        *comparison_findings(report["group_tests"], language),
        *correlation_findings(report["correlations"], report["identities"], numeric, language),
        *association_findings(report["associations"], language),
        *skew_findings(report["columns"], measures, language),
        *reversal_findings(report["reversals"], language),
        *curve_findings(report["curves"], language),
        *missing_findings(report["missing_patterns"], language),
        *fit_findings(report["columns"], language),
    ]
    wanted = frozenset[str]().union(*(TOPIC_KINDS[topic] for topic in focus["topics"]))
    strength = [_strength(f, wanted, report) for f in found]
    order = sorted(range(len(found)), key=lambda index: -strength[index])
    highest = max([1.0, *strength])
    ranked = [found[i].model_copy(update={"importance": round(strength[i] / highest, 4)}) for i in order]
    return without_repeats(ranked, report["associations"])[:MAX_FINDINGS]


def _strength(told: Finding, wanted: frozenset[str], report: dict[str, Any]) -> float:
    """Its own importance, more when its kind is asked for, less when it is beside the point or hardly a surprise.

    Beside the point: not about the outcome, where there is one, or about a measure that is neither the first nor asked
    for. No surprise: a total that falls into a yes and a no.
    """
    focus, said = report["focus"], set(map(str, told.evidence.values()))
    weight = 1.0
    if focus["target"] is not None:
        weight = 1.0 if focus["target"] in said else OFF_TARGET_WEIGHT
    elif said & set(focus["measures"][1:]) - set(focus["asked"]) and not said & set(focus["measures"][:1]):
        weight = SIDE_WEIGHT
    if told.kind == "breakdown" and told.evidence.get("dimension") in _yes_or_no(report):
        weight *= SIDE_WEIGHT
    return told.importance * weight + TOPIC_WEIGHT * (told.kind in wanted)


def _yes_or_no(report: dict[str, Any]) -> set[str]:
    return {column["name"] for column in report["columns"] if column["semantic"] == "boolean"}


def without_retold(relations: list[Finding], findings: list[Finding]) -> list[Finding]:
    """The answer on the columns that the question names, then the rest without what says the same of two of them."""
    told = [_pair(relation) for relation in relations]
    return [
        *relations,
        *(f for f in findings if f.kind not in ("comparison", "correlation") or _pair(f) not in told),
    ]


def _pair(finding: Finding) -> frozenset[str]:
    """The two columns that a finding sets against each other."""
    keys = ("a", "b") if "a" in finding.evidence else ("measure", "group")
    return frozenset(str(finding.evidence.get(key)) for key in keys)


def summarise(findings: list[Finding], topics: list[str]) -> str:
    """The first sentences of the answer, one finding of each kind.

    What was asked for comes first, by strength. Where an outcome's rate is known, the rest follows by strength too; else
    the headline does: total and span, growth, the largest contributor, the season.
    """
    wanted = frozenset[str]().union(*(TOPIC_KINDS[topic] for topic in topics))
    asked = [f for f in findings if f.kind == "change"][:2]
    asked += [f for f in findings if f.kind in wanted]
    rated = any(f.kind == "rate" for f in findings)
    headline = [] if rated else [f for kind in HEADLINE for f in findings if f.kind == kind]
    chosen: list[Finding] = []
    for candidate in [*asked, *headline, *findings]:
        told = {_meaning(known.kind) for known in chosen}
        if candidate not in chosen and (candidate.kind == "change" or _meaning(candidate.kind) not in told):
            chosen.append(candidate)
    return " ".join(f.text for f in chosen[:SUMMARY_FINDINGS])


def _meaning(kind: str) -> str:
    """Growth and trend tell the same story, of which a summary needs one telling."""
    return "growth" if kind == "trend" else kind
