"""Which column to predict, as which task, and why: from the question and from what the table holds."""

from dataclasses import dataclass

import pandas as pd

from mesh.errors import BadInputError, NeedsInputError
from mesh.language import Language, say
from mesh.results import Column

from .concepts import CONCEPTS, OUTCOME_NAMES, Concept, column_rank, tokens
from .decision import Choice
from .grouping import asked_groups
from .question import Task, Wish, read_wish

MAX_CLASSES = 20
_ADDITIVE = ("measure", "count")
_UNFIT = ("identifier", "date", "text", "geo")


@dataclass(frozen=True)
class _Table:
    columns: dict[str, Column]
    distinct: dict[str, int]
    rows: int
    dates: list[str]

    def numeric(self, name: str) -> bool:
        return self.columns[name].type in {"integer", "number"}

    def classes(self, name: str) -> bool:
        """Whether the column holds classes: words, booleans, or two numbers."""
        column = self.columns[name]
        if column.semantic in _UNFIT or not 2 <= self.distinct[name] <= MAX_CLASSES:
            return False
        return (
            not self.numeric(name) or self.distinct[name] == 2 or column.semantic in {"category", "boolean"}
        )

    def fit(self) -> list[str]:
        """Columns that can be a target at all."""
        return [
            n
            for n, c in self.columns.items()
            if c.semantic not in _UNFIT and self.distinct[n] > 1 and (self.numeric(n) or self.classes(n))
        ]


def choose(
    question: str,
    frame: pd.DataFrame,
    columns: list[Column],
    language: Language,
    *,
    target: str | None = None,
    task: Task | None = None,
    values: str | None = None,
) -> Choice:
    """Target and task; what the caller fixed (`target`, `task`) wins, then what the question names, then the data.

    `values` is the column that holds the numbers of a table whose periods lay side by side: the target unless one is fixed.

    Raises: NeedsInputError listing the candidates when a named target does not exist or no column can be one;
    BadInputError when a forecast is asked for and no column holds dates.
    """
    table = _describe(frame, columns)
    chosen: str | None
    if target is not None:
        wish, why = Wish(read_wish(question, []).hint), "given"
        chosen = _exact(target, table, language)
    else:
        groups = asked_groups(question, columns)
        wish = read_wish(question, [name for name in frame.columns if name not in groups])
        chosen, why = (values, "values") if values is not None else _named(wish, table, language)
    wanted = task or wish.hint
    if chosen is None and why != "rows":
        chosen, why = _unnamed(wanted, table, language)
    decided = task or _task(chosen, wish, table)
    if decided == "forecast" and not table.dates:
        raise BadInputError(
            say(
                language,
                en="A forecast needs a date column, and this table has none. Add one: a date, or a year with a month or quarter.",
                ko="시계열 예측에는 날짜 열이 필요하지만 이 표에는 없습니다. 날짜나 연도와 월(분기) 열을 추가해 주십시오.",
            )
        )
    if decided == "forecast" and chosen is not None and not table.numeric(chosen):
        chosen, why = _unnamed("forecast", table, language)
    if chosen is not None:
        _check_fit(decided, chosen, table, language)
    intensive = chosen is not None and table.columns[chosen].semantic == "intensive"
    date_column = table.dates[0] if table.dates else None
    return Choice(
        decided,
        chosen,
        date_column,
        "mean" if intensive else "sum",
        _reason(language, decided, chosen, date_column, why),
    )


def _check_fit(task: Task, target: str, table: _Table, language: Language) -> None:
    if task != "forecast" and table.distinct[target] < 2:
        raise (_constant if table.distinct[target] else _empty)(target, language)
    if task == "regression" and not table.numeric(target):
        raise BadInputError(
            say(
                language,
                en="A regression needs a numeric target, and '{target}' holds words; ask for a classification.",
                ko="회귀에는 수치형 대상이 필요하지만 '{target}'(은/는) 문자열입니다. 분류로 요청해 주십시오.",
                target=target,
            )
        )
    if task == "classification" and not 2 <= table.distinct[target] <= MAX_CLASSES:
        raise BadInputError(
            say(
                language,
                en="A classification needs 2 to {most} classes, and '{target}' has {distinct} different values.",
                ko="분류에는 2~{most}개의 클래스가 필요하지만 '{target}'에는 서로 다른 값이 {distinct}개 있습니다.",
                target=target,
                most=MAX_CLASSES,
                distinct=table.distinct[target],
            )
        )


def _describe(frame: pd.DataFrame, columns: list[Column]) -> _Table:
    known = {c.name: c for c in columns if c.name in frame.columns}
    distinct = {name: int(pd.Series(frame[name]).nunique()) for name in known}
    dates = [
        n
        for n, c in known.items()
        if (c.semantic == "date" or c.type in {"date", "datetime"}) and distinct[n] > 1
    ]
    dates.sort(key=lambda n: -int(pd.Series(frame[n]).count()))
    return _Table(known, distinct, len(frame), dates)


def _exact(name: str, table: _Table, language: Language) -> str:
    wanted = tokens(name)
    for column in table.columns:
        if column == name or tokens(column) == wanted:
            return column
    raise _missing(name, table, language)


def _missing(name: str, table: _Table, language: Language) -> NeedsInputError:
    candidates = ", ".join(table.fit()) or "-"
    return NeedsInputError(
        say(
            language,
            en="No column holds '{name}'. Which of these should be predicted: {candidates}?",
            ko="'{name}'에 해당하는 열이 없습니다. 다음 중 어느 열을 예측할까요: {candidates}",
            name=name,
            candidates=candidates,
        ),
        candidates=table.fit(),
    )


def _constant(name: str, language: Language) -> BadInputError:
    return BadInputError(
        say(
            language,
            en="Every row has the same '{name}', so there is nothing to predict; choose another column.",
            ko="모든 행의 '{name}' 값이 같아 예측할 것이 없습니다. 다른 열을 골라 주십시오.",
            name=name,
        )
    )


def _empty(name: str, language: Language) -> BadInputError:
    return BadInputError(
        say(
            language,
            en="No row has a value of '{name}', so there is nothing to learn from; choose another column.",
            ko="'{name}' 값이 있는 행이 없어 학습할 것이 없습니다. 다른 열을 골라 주십시오.",
            name=name,
        )
    )


def _named(wish: Wish, table: _Table, language: Language) -> tuple[str | None, str]:
    fit = table.fit()
    for column in wish.columns:
        if column in fit:
            return column, "named"
    if wish.columns and table.distinct[wish.columns[0]] < 2:
        raise (_constant if table.distinct[wish.columns[0]] else _empty)(wish.columns[0], language)
    for concept in wish.concepts:
        found = _column_of(concept, fit, table)
        if found is not None:
            return found, "concept"
    if wish.rows and wish.hint == "forecast" and table.dates:
        return None, "rows"
    if wish.concepts and (wish.direct or not wish.concepts[0].additive):
        raise _missing(wish.word, table, language)
    short = next((name for name in fit if name.lower() == wish.unknown), None)
    if short is not None:
        return short, "named"
    if wish.unknown is not None:
        raise _missing(wish.unknown, table, language)
    return None, "data"


def _column_of(concept: Concept, names: list[str], table: _Table) -> str | None:
    ranked = []
    for order, name in enumerate(names):
        rank = column_rank(concept, name)
        if rank is None or (concept.additive and not table.numeric(name)):
            continue
        ranked.append((table.columns[name].semantic == "intensive" and concept.additive, rank, order, name))
    return min(ranked)[-1] if ranked else None


def _unnamed(wanted: Task | None, table: _Table, language: Language) -> tuple[str | None, str]:
    fit = table.fit()
    additive = [n for n in fit if table.numeric(n) and table.columns[n].semantic in _ADDITIVE]
    if table.dates and wanted in {None, "forecast"}:
        for concept in CONCEPTS:
            if concept.name == "revenue" and (found := _column_of(concept, additive, table)) is not None:
                return found, "time"
        if additive:
            return additive[-1], "time"
        if wanted == "forecast":
            numeric = [n for n in fit if table.numeric(n)]
            if not numeric:
                _refuse_flat(table, language)
            return (numeric[-1], "time") if numeric else (None, "count")
    outcome = _outcome(fit, table)
    if outcome is not None and wanted in {None, "classification"}:
        return outcome, "outcome"
    numeric = [n for n in fit if table.numeric(n) and not table.classes(n)]
    if wanted != "classification" and numeric:
        return numeric[-1], "last"
    classes = [n for n in fit if table.classes(n)]
    if wanted in {None, "classification"} and classes:
        return classes[-1], "last"
    raise _missing("target" if language == "en" else "예측 대상", table, language)


def _refuse_flat(table: _Table, language: Language) -> None:
    """A number that is the same at every date is not to be replaced by a count of dates."""
    flat = [n for n in table.columns if table.numeric(n) and table.columns[n].semantic not in _UNFIT]
    if flat and table.distinct[table.dates[0]] == table.rows:
        raise _constant(flat[-1], language)


def _outcome(names: list[str], table: _Table) -> str | None:
    classes = [n for n in names if table.classes(n)]
    for concept in CONCEPTS:
        if concept.outcome and (found := _column_of(concept, classes, table)) is not None:
            return found
    return next((n for n in classes if set(tokens(n)) & set(OUTCOME_NAMES)), None)


def _task(target: str | None, wish: Wish, table: _Table) -> Task:
    if target is None:
        return "forecast"
    if table.classes(target) and wish.hint != "forecast":
        return "classification"
    if not table.numeric(target):
        return "classification"
    if wish.hint == "classification" and table.distinct[target] <= MAX_CLASSES:
        return "classification"
    if wish.hint == "forecast":
        return "forecast"
    if wish.hint == "regression" or not table.dates:
        return "regression"
    if table.columns[target].semantic in _ADDITIVE:
        return "forecast"
    return "regression"


def _reason(language: Language, task: Task, target: str | None, date_column: str | None, why: str) -> str:
    if target is None and why == "rows":
        return say(
            language,
            en="The question asks for a number, so the rows per period are counted by {date} and forecast.",
            ko="질문이 건수를 묻고 있어 {date} 기준 기간별 행 수를 예측합니다.",
            date=date_column,
        )
    if target is None:
        return say(
            language,
            en="The table has dates ({date}) and no number to add up, so the number of rows per period is forecast.",
            ko="표에 날짜 열({date})은 있지만 합산할 수치가 없어 기간별 행 수를 예측합니다.",
            date=date_column,
        )
    origin = {
        "given": ("you asked for '{t}'", "요청하신 '{t}'(을/를) 예측 대상으로 삼았습니다"),
        "named": ("the question names '{t}'", "질문에 '{t}' 열이 언급되어 예측 대상으로 삼았습니다"),
        "concept": (
            "'{t}' is the column that holds what the question asks for",
            "질문이 묻는 내용을 담은 열이 '{t}'입니다",
        ),
        "outcome": (
            "'{t}' looks like the outcome of each row",
            "'{t}'(이/가) 각 행의 결과를 나타내는 열입니다",
        ),
        "values": ("'{t}' holds the numbers of all periods", "'{t}'에 모든 기간의 수치가 있습니다"),
        "time": ("'{t}' adds up over time", "'{t}'(은/는) 시간에 따라 합산되는 지표입니다"),
        "last": (
            "no target was named and '{t}' is the last column that fits",
            "대상이 지정되지 않아 마지막 적합한 열인 '{t}'(을/를) 골랐습니다",
        ),
    }[why]
    how = {
        "forecast": ("and the table has dates ({d}), so it is forecast over time", "날짜 열({d})이 있어 시계열로 예측합니다"),
        "classification": ("and it holds classes, so this is a classification", "값이 범주이므로 분류 문제로 풀었습니다"),
        "regression": ("and it is a number, so this is a regression", "값이 수치이므로 회귀 문제로 풀었습니다"),
    }[task]  # fmt: skip
    english = f"{origin[0]} {how[0]}."
    return say(
        language, en=english[0].upper() + english[1:], ko=f"{origin[1]}. {how[1]}.", t=target, d=date_column
    )
