"""Constraints that a table's own rows suggest, each with its reason and the number of rows it holds for."""

import re
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np

from mesh.language import Language, say

from . import domains
from .constraints import Constraint, Kind, Severity
from .constraints_bounds import bounds_of
from .constraints_check import DATES, NUMERIC, check, majority_of
from .constraints_forms import form_of
from .spelling import folded
from .structure import find_rules
from .tables import Series, Table, plain_value

MIN_ROWS = 10
NEARLY = 0.99
"""A constraint that this share of the rows keeps is suggested as a warning, if there are `MIN_ROWS_NEARLY` rows."""
MIN_ROWS_NEARLY = 100
MAX_ALLOWED = 50
UNSEEN = 0.01
"""A list of allowed values is suggested when the chance that the next value is a new one is below this (Good 1953)."""
MAX_KEY_COLUMNS = 8
MAX_DETERMINING = 12
EMAIL = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}$"


def learn_constraints(table: Table, language: Language) -> list[Constraint]:
    """The constraints of a table, column by column, then those between columns.

    One that every row keeps is an `error` when violated, one that nearly every row keeps a `warning`. With fewer than
    `MIN_ROWS` rows only types are suggested: so few say nothing of what may come.
    """
    learner = _Learner(table, language)
    found: list[Constraint] = []
    for series in table.series:
        found += learner.of_column(series)
    return found + learner.between_columns() if table.rows >= MIN_ROWS else found


class _Learner:
    def __init__(self, table: Table, language: Language) -> None:
        self._table = table
        self._language = language

    def of_column(self, series: Series) -> list[Constraint]:
        """The constraints on one column."""
        count = int((~series.missing).sum())
        reason = self._say("all {n:,} values are", "값 {n:,}개가 모두 그렇습니다", n=count)
        found = [self._tested("type", [series.name], reason, type=series.kind)]
        if self._table.rows >= MIN_ROWS and count:
            found += [
                self._not_null(series),
                self._unique(series),
                self._range(series),
                self._allowed(series),
                self._pattern(series),
            ]
        return [constraint for constraint in found if constraint is not None]

    def between_columns(self) -> list[Constraint]:
        """The constraints that several columns keep together."""
        found = [*self._compound_key(), *self._orders(), *self._arithmetic(), *self._determined()]
        return [constraint for constraint in found if constraint is not None]

    def _say(self, en: str, ko: str, **values: Any) -> str:
        return say(self._language, en=en, ko=ko, **values)

    def _tested(self, kind: Kind, columns: list[str], reason: str, **limits: Any) -> Constraint | None:
        """The constraint with the rows it holds for; None when too many break it."""
        proposed = Constraint(kind, tuple(columns), limits, reason=reason)
        outcome = check(proposed, self._table)
        checked = int(outcome.checked.sum())
        if not checked:
            return None
        exact = outcome.held == checked
        if not exact and (checked < MIN_ROWS_NEARLY or outcome.held < NEARLY * checked):
            return None
        severity: Severity = "error" if exact else "warning"
        return Constraint(kind, tuple(columns), limits, severity, reason, checked, outcome.held)

    def _not_null(self, series: Series) -> Constraint | None:
        absent = int(series.missing.sum())
        if not absent:
            bound = 3 / self._table.rows
            reason = self._say(
                "none of {n:,} rows lacks a value, so at most about {bound:.2%} ever do (rule of three)",
                "{n:,}행 모두 값이 있어 결측률은 많아야 약 {bound:.2%}입니다(3의 법칙)",
                n=self._table.rows,
                bound=bound,
            )
        else:
            reason = self._say("{n:,} rows lack a value", "{n:,}행에 값이 없습니다", n=absent)
        return self._tested("not_null", [series.name], reason)

    def _unique(self, series: Series) -> Constraint | None:
        if series.kind == "number" or series.distinct_count < 2:
            return None
        keyed = series.is_("identifier") or re.search(
            r"\b(?:id|code|key|uuid)\b|번호|코드", domains.words(series.name)
        )
        dated = series.kind in DATES and series.distinct_count == int((~series.missing).sum())
        if not keyed and not dated:
            return None
        reason = self._say(
            "{n:,} different values in {m:,} rows",
            "{m:,}행에 서로 다른 값이 {n:,}개 있습니다",
            n=series.distinct_count,
            m=int((~series.missing).sum()),
        )
        return self._tested("unique", [series.name], reason)

    def _range(self, series: Series) -> Constraint | None:
        bounds = bounds_of(series, self._language)
        return self._tested("range", [series.name], bounds.reason, **bounds.limits) if bounds else None

    def _allowed(self, series: Series) -> Constraint | None:
        named = series.kind == "string" and not series.is_("identifier", "text")
        coded = series.kind == "integer" and (series.is_("category", "geo") or series.distinct_count == 2)
        counts = series.distinct.counts if named or coded else np.zeros(0, np.int64)
        total = int(counts.sum())
        if not 2 <= len(counts) <= MAX_ALLOWED:
            return None
        unseen = int((counts == 1).sum()) / total
        if unseen > UNSEEN or total < 5 * len(counts):
            return None
        values = _usual_spellings(series) if series.kind == "string" else series.distinct.values.to_pylist()
        values = sorted(plain_value(value) for value in values)
        reason = self._say(
            "{k:,} values in {n:,} rows; the chance that the next one is new is about {unseen:.2%} (Good-Turing)",
            "{n:,}행에 값이 {k:,}가지이며 다음 값이 새로울 확률은 약 {unseen:.2%}입니다(Good-Turing)",
            k=len(counts),
            n=total,
            unseen=unseen,
        )
        return self._tested("allowed", [series.name], reason, values=values)

    def _pattern(self, series: Series) -> Constraint | None:
        if series.kind != "string" or series.is_("text"):
            return None
        if domains.is_email(series):
            reason = self._say("the name says e-mail address", "이름이 이메일 주소임을 나타냅니다")
            return self._tested("pattern", [series.name], reason, regex=EMAIL)
        form = form_of(series.distinct.values)
        if form is None:
            return None
        reason = self._say(
            "{n:,} different values have this form",
            "서로 다른 값 {n:,}개가 이 형식입니다",
            n=series.distinct_count,
        )
        return self._tested("pattern", [series.name], reason, regex=form)

    def _compound_key(self) -> Iterable[Constraint | None]:
        """The two or three columns that tell rows apart, when no single one does."""
        table = self._table
        whole = [s for s in table.series if not s.missing.any()]
        if any(s.distinct_count == table.rows for s in whole if s.is_("identifier", "date")):
            return
        roles = ("date", "identifier", "category", "geo")
        keys = [s for s in whole if s.is_(*roles) and s.distinct_count > 1][:MAX_KEY_COLUMNS]
        for size in (2, 3):
            for chosen in combinations(keys, size):
                if np.prod([float(s.distinct_count) for s in chosen]) < table.rows:
                    continue
                reason = self._say(
                    "no two of {n:,} rows share them", "{n:,}행에서 겹치지 않습니다", n=table.rows
                )
                found = self._tested("unique", [s.name for s in chosen], reason)
                if found is not None:
                    yield found
                    return

    def _orders(self) -> Iterable[Constraint | None]:
        for first, second in combinations(self._table.series, 2):
            pair = _in_order(first, second)
            if pair:
                reason = self._say(
                    "their names say so, and the rows agree", "열 이름이 그렇게 말하고 행도 일치합니다"
                )
                yield self._tested("order", [one.name for one in pair], reason)

    def _arithmetic(self) -> Iterable[Constraint | None]:
        for rule in find_rules(self._table):
            reason = self._say(
                "checked in {n:,} complete rows", "값이 모두 있는 {n:,}행에서 확인했습니다", n=rule.checked
            )
            columns = [rule.total, rule.left, rule.right]
            yield self._tested("arithmetic", columns, reason, operator=rule.operator, tolerance=0.005)

    def _determined(self) -> Iterable[Constraint | None]:
        named = [
            s
            for s in self._table.series
            if s.is_("category", "geo") and s.kind in ("string", "integer") and 2 <= s.distinct_count <= 1_000
        ][:MAX_DETERMINING]
        for first in named:
            for second in named:
                if first is not second and _settles(first, second):
                    reason = self._say(
                        "each of its {n:,} values goes with one value of {other}",
                        "값 {n:,}가지가 각각 {other} 값 하나와 짝을 이룹니다",
                        n=first.distinct_count,
                        other=second.name,
                    )
                    yield self._tested("determines", [first.name, second.name], reason)


def _usual_spellings(series: Series) -> list[str]:
    """The values without rarer spellings of others, unless more rows than `NEARLY` allows are written in them."""
    by_fold: dict[str, str] = {}
    spellings, counts = series.distinct.values.to_pylist(), series.distinct.counts
    rarer = 0
    for spelling, count in zip(spellings, counts.tolist(), strict=True):
        if by_fold.setdefault(folded(spelling), spelling) != spelling:
            rarer += count
    return list(by_fold.values()) if rarer <= (1 - NEARLY) * counts.sum() else spellings


def _settles(first: Series, second: Series) -> bool:
    """Does the first settle the second, far beyond what the second's most frequent value explains, in groups of 5 and more?"""
    present = ~first.missing & ~second.missing
    total = int(present.sum())
    if first.distinct_count <= second.distinct_count - 1 or total < 5 * first.distinct_count:
        return False
    codes = second.distinct.codes[present].astype(np.int64)
    by_chance = total - int(np.bincount(codes).max())
    off = int((codes != majority_of(first.distinct.codes[present].astype(np.int64), codes)).sum())
    return by_chance >= 0.05 * total and off <= 0.1 * by_chance


_BEGIN = (
    r"\b(?:start|begin|from|min|minimum|low|lower|first|open|opened|order|ordered|hire|join|check ?in)\b"
    r"|시작|최소|최저|하한|주문|입사|가입"
)
_END = (
    r"\b(?:end|finish|to|until|max|maximum|high|upper|last|close|closed|ship|shipped|delivery|delivered|leave|"
    r"check ?out)\b|종료|최대|최고|상한|배송|퇴사|해지"
)


def _in_order(first: Series, second: Series) -> tuple[Series, Series] | None:
    """The pair with the one first whose name says begin or low, when the names differ in nothing else that matters."""
    comparable = all(s.kind in DATES for s in (first, second)) or all(
        s.kind in NUMERIC for s in (first, second)
    )
    if not comparable:
        return None
    for low, high in ((first, second), (second, first)):
        names = domains.words(low.name), domains.words(high.name)
        if not (re.search(_BEGIN, names[0]) and re.search(_END, names[1])):
            continue
        if low.kind in DATES or _rest(_BEGIN, names[0]) == _rest(_END, names[1]):
            return low, high
    return None


def _rest(pattern: str, name: str) -> str:
    return " ".join(re.sub(pattern, " ", name).split())
