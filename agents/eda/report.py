"""The eda_report of a dataset: every computation once, in the shape that other skills read."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from mesh.language import Language, say
from mesh.tabular.focus import Focus
from mesh.tabular.sheet import Sheet

from .association import MAX_CATEGORICAL, MAX_LEVELS, MAX_NUMERIC, associate, correlate
from .breakdown import break_down, rate_by
from .comparison import compare_groups
from .dependency import find_curves, find_dependencies
from .driver import rank_drivers
from .fitting import fit_distributions
from .identity import find_identities
from .missingness import find_missing_patterns
from .paradox import find_reversals
from .survey import Survey
from .target import describe_target
from .timeline import analyse_time

Progress = Callable[[float, str], None]
ALPHA = 0.05
MAX_BROKEN_MEASURES = 2
MAX_DEPENDENCIES = 60


def build_report(
    seen: Survey, whole: Sheet, focus: Focus, language: Language, progress: Progress
) -> dict[str, Any]:
    """The `eda_report` data of a table: plain JSON, the same whatever the order of the rows unless they were sampled.

    What is added up is taken from `whole`, which holds every row of the columns in focus; how columns go together from the
    rows of the survey.
    """
    sheet = seen.sheet
    numbers = _numbers(sheet, focus)
    categories = _categories(sheet, focus)
    identities = find_identities(sheet, numbers)
    progress(
        0.35, say(language, en="Measuring correlations and associations", ko="상관과 연관을 계산하는 중")
    )
    correlations = correlate(sheet, numbers)
    associations = associate(sheet, categories, numbers)
    dependencies = find_dependencies(sheet, numbers, categories)
    columns = add_fits(sheet, focus, seen.columns)
    progress(0.55, say(language, en="Comparing groups", ko="집단 사이의 차이를 검정하는 중"))
    tests = compare_groups(sheet, _test_pairs(focus, numbers))
    target = describe_target(whole, focus.target) if focus.target else None
    breakdowns = _breakdowns(whole, focus, target, tests, associations, language)
    progress(
        0.75, say(language, en="Studying the development over time", ko="시간에 따른 변화를 분석하는 중")
    )
    time = analyse_time(whole, focus, language)
    about = focus.target or next(iter(focus.measures), None)
    return outline(seen, focus) | {
        "columns": columns,
        "correlations": correlations,
        "associations": associations,
        "dependencies": dependencies[:MAX_DEPENDENCIES],
        "curves": find_curves(dependencies, correlations),
        "missing_patterns": find_missing_patterns(sheet, categories),
        "group_tests": tests,
        "time": time,
        "breakdowns": breakdowns,
        "identities": identities,
        "drivers": rank_drivers(about, associations, correlations, identities) if about else [],
        "target": target,
        "reversals": find_reversals(sheet, _free(correlations, identities), focus.dimensions[:4]),
        "bounds": seen.bounds,
    }


def outline(seen: Survey, focus: Focus) -> dict[str, Any]:
    """A report that says what the data are and nothing of them yet: every other part is empty."""
    return {
        "rows": seen.rows,
        "cases": asdict(seen.cases) if seen.cases else None,
        "columns": seen.columns,
        "spellings": [{"column": name, "rows": rows} for name, rows in seen.sheet.respelled.items()],
        "focus": {
            "measures": list(focus.measures),
            "dimensions": list(focus.dimensions),
            "date": focus.date,
            "target": focus.target,
            "topics": sorted(focus.topics),
            "asked": sorted(focus.asked),
        },
        **{key: [] for key in ("correlations", "associations", "group_tests", "breakdowns", "identities")},
        **{key: [] for key in ("drivers", "reversals", "dependencies", "curves", "missing_patterns")},
        "time": None,
        "target": None,
        "bounds": None,
        "correction": {
            "group_tests": "Holm",
            "correlations": "Benjamini-Hochberg",
            "associations": "Benjamini-Hochberg",
        },
    }


def add_fits(sheet: Sheet, focus: Focus, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The column records with `fit`: of the first measure, and of every one in focus when distributions are asked for."""
    wanted = focus.measures if "distribution" in focus.topics else focus.measures[:1]
    return [
        record
        | {"fit": fit_distributions(sheet.numeric[record["name"]], counts=record["semantic"] == "count")}
        if record["name"] in wanted
        else record
        for record in columns
    ]


def _numbers(sheet: Sheet, focus: Focus) -> list[str]:
    varied = [n for n, v in sheet.numeric.items() if np.isfinite(v).sum() > 2 and np.nanmin(v) < np.nanmax(v)]
    return sorted(varied, key=lambda n: n not in focus.measures)[:MAX_NUMERIC]


def _categories(sheet: Sheet, focus: Focus) -> list[str]:
    usable = [name for name, levels in sheet.levels.items() if 2 <= len(levels.names) <= MAX_LEVELS]
    return sorted(usable, key=lambda n: n != focus.target and n not in focus.dimensions)[:MAX_CATEGORICAL]


def _test_pairs(focus: Focus, numbers: list[str]) -> list[tuple[str, str]]:
    measures = [name for name in focus.measures if name in numbers]
    pairs = [(group, measure) for measure in measures for group in focus.dimensions]
    if focus.target is not None:
        pairs = [(focus.target, name) for name in numbers] + pairs
    return pairs


def _breakdowns(
    sheet: Sheet,
    focus: Focus,
    target: dict[str, Any] | None,
    tests: list[dict[str, Any]],
    associations: list[dict[str, Any]],
    language: Language,
) -> list[dict[str, Any]]:
    other = say(language, en="Other", ko="기타")
    effect = {(t["group"], t["measure"]): -abs(t["effect"]) for t in tests}
    tables: list[dict[str, Any] | None] = []
    if target is not None:
        linked = [
            a for a in associations if a["method"] == "cramers_v" and target["name"] in (a["a"], a["b"])
        ]
        for record in linked[:6]:
            dimension = record["b"] if record["a"] == target["name"] else record["a"]
            table = rate_by(sheet, dimension, target["name"], target["positive"])
            tables.append(table | {"clear": record["p_adjusted"] < ALPHA} if table is not None else None)
    for measure in focus.measures[:MAX_BROKEN_MEASURES]:
        asked_first = sorted(
            focus.dimensions, key=lambda d: (d not in focus.asked, effect.get((d, measure), 0.0))
        )
        tables += [break_down(sheet, dimension, measure, other) for dimension in asked_first]
    return [table for table in tables if table is not None]


def _free(correlations: list[dict[str, Any]], identities: list[dict[str, str]]) -> list[dict[str, Any]]:
    parts = {frozenset((i["result"], i[side])) for i in identities for side in ("left", "right")}
    return [c for c in correlations if frozenset((c["a"], c["b"])) not in parts]
