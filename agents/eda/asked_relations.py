"""Whether the columns that a question names go together: answered first, whether they do or not."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Finding
from mesh.tabular.focus import Focus
from mesh.tabular.lexicon import concepts_of, words
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Sheet

from .association import MAX_LEVELS, MIN_ROWS, correlate
from .effect_size import correlation_interval
from .group_question import OUTCOME_WORDS, read_group_question
from .group_story import tell_comparison
from .group_tests import run_tests
from .number_groups import group_numbers
from .wording import p_part, tell

ALPHA = 0.05
MAX_TOLD = 3
TOPICS = frozenset({"correlation", "driver", "comparison"})


def asked_relations(sheet: Sheet, focus: Focus, goal: str, language: Language) -> list[Finding]:
    """Findings of kind `relation` on two or more columns that the question names; none where it names fewer, or does not ask
    how they go together.

    Numbers: Pearson's correlation with its interval (Fisher's z) beside Spearman's. Categories: as `compare_groups` tests them.
    """
    if len(focus.asked) < 2 or not focus.topics & TOPICS:
        return []
    grouped = group_numbers(sheet, goal, sorted(focus.asked), None)
    asked = [c.name for c in sheet.columns if c.name in focus.asked and _usable(grouped, c.name)]
    if len(asked) < 2:
        return []
    if all(name in grouped.numeric for name in asked):
        pairs = list(combinations(asked, 2))[:MAX_TOLD]
        found = [_pair(grouped, a, b, language) for a, b in pairs]
        return [finding for finding in found if finding is not None]
    try:
        question = read_group_question(grouped, focus, goal, None, None, language)
    except BadInputError:
        return []
    if question.pair is None and not set(question.groupings) & set(asked):
        return []
    tests = run_tests(grouped, question, goal)
    told = tell_comparison(tests, question, language) if tests else []
    return [finding.model_copy(update={"kind": "relation"}) for finding in told if finding.kind != "method"]


def without_side_target(focus: Focus) -> Focus:
    """The focus without a two-valued column as its outcome, where the question names other columns beside it."""
    target = focus.target
    others = {*focus.measures, *focus.dimensions} & focus.asked
    if target is None or not others or "outcome" in concepts_of(target) or OUTCOME_WORDS & set(words(target)):
        return focus
    return replace(focus, target=None, dimensions=(target, *(n for n in focus.dimensions if n != target)))


def _usable(sheet: Sheet, name: str) -> bool:
    if name in sheet.numeric:
        values = sheet.numeric[name]
        return bool(np.isfinite(values).sum() >= MIN_ROWS and np.nanmin(values) < np.nanmax(values))
    return name in sheet.levels and 2 <= len(sheet.levels[name].names) <= MAX_LEVELS


def _pair(sheet: Sheet, a: str, b: str, language: Language) -> Finding | None:
    methods = {record["method"]: record for record in correlate(sheet, [a, b])}
    if len(methods) < 2:
        return None
    r, n, ranks = methods["pearson"]["value"], methods["pearson"]["n"], methods["spearman"]
    low, high = correlation_interval(r, 1 / np.sqrt(n - 3))
    chance, p_values = p_part(ranks["p"])
    interval = " [{low:.2f}, {high:.2f}]" if low is not None and high is not None else ""
    values: dict[str, Any] = {"a": a, "b": b, "r": r, "rank": ranks["value"], "n": n}
    values |= {"low": plain(low), "high": plain(high)} if interval else {}
    shown, up = ranks["p"] < ALPHA, ranks["value"] > 0
    english = (
        "{a} and {b} go together: where one is higher, the other is " + ("higher too" if up else "lower")
        if shown
        else "No relation between {a} and {b} could be shown"
    )
    korean = (
        "{a}(과/와) {b}(은/는) " + ("같은" if up else "반대") + " 방향으로 움직입니다"
        if shown
        else "{a}(과/와) {b} 사이의 관계는 확인되지 않았습니다"
    )
    return tell(
        language,
        en=english + " (Pearson r {r:.2f}" + interval + ", Spearman {rank:.2f}, " + chance + ", {n:,} rows).",
        ko=korean + "(피어슨 r {r:.2f}" + interval + ", 스피어만 {rank:.2f}, " + chance + ", {n:,}행).",
        importance=1.0 if shown else 0.9,
        kind="relation",
        **values,
        **p_values,
    )
