"""Reads a question as a query, or says why it cannot: every word that means something must find its place."""

from .alternatives import join_alternatives
from .averages import place_averages, settle_averages
from .blanks import place_blanks
from .catalog import Catalog
from .comparisons import place_comparisons
from .counting import count_groups
from .denials import place_never
from .draft import Draft, UnsureError
from .figures import both_ends, extremes_of_groups, place_figures
from .grouping import (
    place_groups,
    place_loose_dimensions,
    place_units,
)
from .kinds import place_kind
from .mentions import Mention
from .query import Filter, Query
from .ranking import place_order
from .things import place_things
from .timing import place_periods
from .values import place_codes, place_flags, place_values
from .weekdays import place_weekdays

MIN_CONFIDENCE = 0.5
_SOFT = frozenset({"from", "within", "who", "list", "howmuch", "having", "rows", "either"})
_REFUSALS = {
    "why": ("Causes cannot be read off one query.", "원인은 조회 한 번으로 알 수 없습니다."),
    "future": (
        "The data holds the past only; this asks about the future.",
        "데이터에는 과거 기록만 있으며 이 질문은 미래에 관한 것입니다.",
    ),
    "advice": (
        "Advice cannot be computed from the data alone.",
        "조언은 데이터 조회만으로 답할 수 없습니다.",
    ),
    "window": (
        "Say over how many periods the average moves, such as 3 months.",
        "이동평균의 기간을 '3개월'처럼 함께 말씀해 주십시오.",
    ),
    "percentile": (
        "Say which percentile, such as the 90th percentile.",
        "'90백분위수'처럼 몇 번째 백분위수인지 말씀해 주십시오.",
    ),
}


def read_question(mentions: list[Mention], catalog: Catalog) -> Query:
    """The query that `mentions` ask for. Raises: UnsureError when a word is unknown, unplaced or ambiguous."""
    draft = Draft(catalog, extremes_of_groups(both_ends(mentions)))
    place_things(draft)
    refuse(draft)
    periods = place_periods(draft)
    blanks = place_blanks(draft)
    values = place_values(draft)
    values += place_codes(draft)
    averages = place_averages(draft)
    _units_before_comparisons(draft)
    compared = place_comparisons(draft, _is_grouped(draft))
    place_weekdays(draft)
    place_groups(draft)
    place_units(draft)
    flags = place_flags(draft, _rated(draft)) if not draft.has("rate") else _rate(draft, values)
    join_alternatives(draft, values, flags, compared, blanks)
    compared += blanks
    place_never(draft, values)
    count_groups(draft)
    place_loose_dimensions(draft)
    place_figures(draft)
    draft.query.filters += [f for _, f in averages]
    place_kind(draft, periods, values, flags, compared)
    settle_averages(draft)
    place_order(draft)
    finish(draft)
    return draft.query


def refuse(draft: Draft) -> None:
    """Raises: UnsureError for words that ask for what no query gives, and for words nobody knows."""
    for mention in draft.mentions:
        if mention.kind == "refuse":
            raise UnsureError(*_REFUSALS[mention.payload])
    for mention in draft.mentions:
        if mention.kind == "unknown" and mention.payload:
            raise UnsureError(
                f'"{mention.text}" needs its year.', f"'{mention.text}'의 연도를 함께 말씀해 주십시오."
            )
        if mention.kind == "unknown":
            raise UnsureError(
                f'The word "{mention.text}" is not understood.', f"'{mention.text}'의 뜻을 알 수 없습니다."
            )
        if mention.kind == "missing" and mention.payload not in {"date", "time", "total", "amount"}:
            counted = any(m.kind in {"count", "share", "rate"} for m in draft.mentions)
            if not counted:
                raise UnsureError(
                    f'No column holds "{mention.text}".', f"'{mention.text}'에 해당하는 열이 없습니다."
                )


def _is_grouped(draft: Draft) -> bool:
    """True when groups, time or a list are asked for; a bare `what` asks for a figure."""
    asked = [
        n
        for n, m in enumerate(draft.mentions)
        if m.kind in {"group", "grain"} and (m.text.lower() != "what" or draft.is_dimension(n + 1))
    ]
    return bool(asked) or draft.has("list")


def _units_before_comparisons(draft: Draft) -> None:
    """`more than 12 months`: a unit right behind a number belongs to the number."""
    for index in draft.all("unit"):
        before = draft.at(index - 1)
        if before is not None and before.kind == "comparison" and draft.mentions[index].latin:
            draft.take(index)


def _rated(draft: Draft) -> set[int]:
    """Yes-or-no columns that are not statements: an average is taken over them, or one lists them."""
    return {
        n
        for n in draft.all("column")
        if draft.is_flag(n) and (m := draft.at(n - 1)) is not None and m.kind == "agg"
    }


def _rate(draft: Draft, values: list[tuple[int, Filter]]) -> list[tuple[int, Filter]]:
    """`churn rate`, `return rate`: the share of rows where the column before `rate` says yes, or holds the value before it.

    That value is taken out of `values`; other flags stay conditions.
    """
    placed = []
    for index in draft.all("rate"):
        valued = [(position, f) for position, f in values if position == index - 1]
        if valued:
            values.remove(valued[0])
            draft.take(index)
            placed.append((index, valued[0][1]))
            continue
        if not draft.is_flag(index - 1):
            raise UnsureError(
                f'It is unclear which rate "{draft.mentions[index].text}" means.',
                "어떤 비율을 뜻하는지 분명하지 않습니다.",
            )
        column = draft.column(index - 1)
        draft.take(index, index - 1)
        placed.append((index, Filter(column, "in", (column.yes,))))
        draft.take(
            *[
                n
                for n in draft.all("agg")
                if draft.mentions[n].payload == "avg" and not draft.is_numeric(n + 1)
            ]
        )
    _refuse_other_figures(draft)
    others = place_flags(draft, set())
    draft.query.filters += [f for _, f in others]
    draft.query.kind = "share"
    return placed


def _refuse_other_figures(draft: Draft) -> None:
    """A rate is of rows, and a figure beside it (`average fee and churn rate`) would make it one of the figure's sum."""
    for index in draft.all("agg"):
        if draft.is_numeric(index + 1):
            figure = f"{draft.mentions[index].text} {draft.mentions[index + 1].text}"
            raise UnsureError(
                f'Ask for the rate and for "{figure}" one after the other.',
                f"비율과 '{figure}'(은/는) 한 번에 하나씩 질문해 주십시오.",
            )


def finish(draft: Draft) -> None:
    """Raises: UnsureError for what was mentioned and found no place in the query."""
    query = draft.query
    timed = query.kind == "growth" or any(k.grain or k.column.calendar_year for k in query.keys)
    for index, mention in enumerate(draft.mentions):
        if index in draft.used or mention.kind in _SOFT or (mention.kind in {"how", "when"} and timed):
            continue
        if any(c.semantic == "identifier" and c.distinct == draft.catalog.rows for c, _ in mention.columns):
            continue
        if draft.is_entity(index) and _is_described(draft, index):
            continue
        if mention.kind == "column" and {c.name for c, _ in mention.columns} & _columns_in(query):
            continue
        if all(c.temporal and not c.blanks and score < 1 for c, score in mention.columns) and mention.columns:
            continue
        if mention.kind == "agg" and mention.payload == "sum" and query.kind in {"share", "growth"}:
            continue
        raise UnsureError(
            f'It is unclear how "{mention.text}" belongs to the question.',
            f"질문에서 '{mention.text}'(이/가) 어떤 뜻인지 분명하지 않습니다.",
        )
    if query.kind != "list" and not query.measures:
        raise UnsureError(
            "It is unclear which figure is asked for.", "어떤 수치를 묻는 것인지 분명하지 않습니다."
        )
    _require_year(draft)
    _say_spellings(query)
    if query.confidence < MIN_CONFIDENCE:
        raise UnsureError(
            "Too much of the question had to be guessed.",
            "질문의 많은 부분을 추측해야 하여 답하지 않았습니다.",
        )


def _require_year(draft: Draft) -> None:
    """Raises: UnsureError for the people of several years added up."""
    query, catalog = draft.query, draft.catalog
    times = [c for c in catalog.columns if c.temporal or c == catalog.year_column]
    several = [c for c in times if c.distinct > 1]
    told = [*(k.column for k in query.keys), *(f.column for f in [*query.filters, *query.compared])]
    if several and not any(c in told for c in times) and query.kind not in {"growth", "running"}:
        for measure in query.measures:
            if measure.function == "sum" and measure.column and "population" in measure.column.concepts:
                raise UnsureError(
                    f"{measure.column.name} is there for several points in time, which are not added up; say which.",
                    f"{measure.column.name}(은/는) 여러 시점의 값이어서 더할 수 없습니다. 시점을 함께 말씀해 주십시오.",
                )


def _is_described(draft: Draft, index: int) -> bool:
    """True for things beside their condition, which speaks of the rows about them (`guests younger than 30`)."""
    beside = [(n, draft.at(n)) for n in (index - 1, index + 1) if n in draft.used]
    return any(m is not None and (m.kind in {"comparison", "value"} or draft.is_flag(n)) for n, m in beside)


def _say_spellings(query: Query) -> None:
    """Notes that values which differ only in case or outer spaces were taken as one."""
    counted = [m.column for m in query.measures if m.function == "count_distinct" and m.column is not None]
    filtered = [
        f.column
        for f in [*query.filters, *query.part]
        if {f.column.canonical(v) for v in f.values} != set(f.values)
    ]
    for column in {c.name: c for c in [*(k.column for k in query.keys), *counted, *filtered]}.values():
        if column.spellings:
            asked = {
                v
                for f in [*query.filters, *query.part]
                if f.column is column
                for v in f.values
                if isinstance(v, str)
            }
            chosen = next(
                (spelled for _, spelled in column.spellings if asked & set(spelled)), column.spellings[0][1]
            )
            example = ", ".join(repr(v) for v in chosen)
            query.assume(
                f"In {column.name}, spellings that differ only in case or spaces were taken as one, such as {example}.",
                f"{column.name} 열에서 대소문자나 공백만 다른 표기는 같은 값으로 보았습니다(예: {example}).",
                0.97,
            )


def _columns_in(query: Query) -> set[str]:
    placed = {k.column.name for k in query.keys} | {m.column.name for m in query.measures if m.column}
    return placed | {f.column.name for f in query.filters if f.op in {"period", "periods"}}
