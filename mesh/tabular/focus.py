"""Which columns the analysis is about: those the question names, else those that matter by their meaning."""

from dataclasses import dataclass

from .lexicon import alludes, concepts_in, concepts_of, grain_in, mentions, says, words
from .sheet import Sheet

MAX_MEASURES = 3
MAX_DIMENSIONS = 6
MAX_LEVELS = 200

TOPICS: dict[str, tuple[str, ...]] = {
    "season": (
        "계절",
        "시즌",
        "성수기",
        "비수기",
        "주기",
        "요일",
        "season",
        "seasonal",
        "seasonality",
        "weekday",
        "cyclic",
    ),
    "trend": (
        "추세",
        "추이",
        "트렌드",
        "성장",
        "증가",
        "감소",
        "trend",
        "growth",
        "grow",
        "growing",
        "decline",
        "declining",
        "over time",
    ),
    "driver": (
        "요인",
        "영향",
        "원인",
        "driver",
        "drive",
        "affect",
        "influence",
        "factor",
        "explain",
        "impact",
    ),
    "comparison": (
        "차이",
        "비교",
        "유의",
        "검정",
        "differ",
        "difference",
        "compare",
        "significant",
        "significantly",
        "test",
    ),
    "correlation": (
        "상관",
        "관계",
        "연관",
        "관련",
        "correlation",
        "correlate",
        "correlated",
        "relationship",
        "related",
        "association",
        "associated",
        "relate",
        "linked",
        "depend",
    ),
    "distribution": (
        "분포",
        "평균",
        "중앙값",
        "distribution",
        "distributed",
        "spread",
        "skew",
        "skewed",
        "median",
    ),
    "breakdown": ("별 ", "비중", "점유", "상위", "베스트", "share", "breakdown", "top", "best", "pareto"),
}

PRIORITY = ("revenue", "profit", "charge", "salary", "cost", "quantity")
DIMENSION_PRIORITY = ("product", "category", "region", "store", "channel", "contract", "department")


@dataclass(frozen=True)
class Focus:
    """The columns of interest, the most important first.

    `target` is a two-valued category whose rate is of interest; `topics` are the kinds of finding asked for;
    `asked` are the columns that the question itself names.
    """

    measures: tuple[str, ...]
    dimensions: tuple[str, ...]
    date: str | None
    target: str | None
    grain: str | None
    topics: frozenset[str]
    asked: frozenset[str]


def choose_focus(sheet: Sheet, goal: str) -> Focus:
    """The columns to analyse for the question `goal`, from names and synonyms first, then from their
    meaning."""
    asked = asked_columns(sheet, goal)
    target = _target(sheet, asked)
    named = [name for name in asked if mentions(goal, name)]
    measures = sorted(sheet.numeric, key=lambda name: _measure_rank(sheet, name, asked, named))
    groupings = [name for name, level in sheet.levels.items() if 2 <= len(level.names) <= MAX_LEVELS]
    dimensions = sorted((n for n in groupings if n != target), key=lambda n: _dimension_rank(sheet, n, asked))
    lowered = goal.lower()
    topics = frozenset(topic for topic, terms in TOPICS.items() if any(says(lowered, term) for term in terms))
    return Focus(
        measures=tuple(measures[:MAX_MEASURES]),
        dimensions=tuple(dimensions[:MAX_DIMENSIONS]),
        date=_date(sheet, asked),
        target=target,
        grain=grain_in(goal),
        topics=topics,
        asked=frozenset(asked),
    )


def asked_columns(sheet: Sheet, goal: str) -> list[str]:
    """The columns that a question names, by their own name, another form of it or a word that means the same.

    A word that is the very name of a column means that one, not others of the same meaning; of columns that share a meaning
    of the question, the one that has more of its meanings is meant (arrival delay: `arr_delay`, not `dep_delay`).
    """
    names = [column.name for column in sheet.columns]
    named = {name for name in names if mentions(goal, name)}
    settled = {concept for name in named for concept in concepts_of(name)}
    spoken = set(concepts_in(goal)) - settled
    rest = goal.lower()
    for name in sorted(named, key=len, reverse=True):
        for form in (name.lower(), " ".join(words(name))):
            rest = rest.replace(form, " ") if form else rest
    meant = {name: spoken & set(concepts_of(name)) for name in names}
    best = {
        name for name in names if meant[name] and not any(meant[name] < other for other in meant.values())
    }
    return [n for n in names if n in named or n in best or (not meant[n] and alludes(rest, n))]


def _measure_rank(
    sheet: Sheet, name: str, asked: list[str], named: list[str]
) -> tuple[int, int, int, int, int]:
    order = [column.name for column in sheet.columns]
    kind = {"measure": 0, "count": 1, "intensive": 2}.get(sheet.column(name).semantic, 3)
    return (name not in named, name not in asked, kind, _rank_of(name, PRIORITY), order.index(name))


def _dimension_rank(sheet: Sheet, name: str, asked: list[str]) -> tuple[int, int, int, int]:
    order = [column.name for column in sheet.columns]
    many = len(sheet.levels[name].names) > 30
    return (name not in asked, many, _rank_of(name, DIMENSION_PRIORITY), order.index(name))


def _rank_of(name: str, priority: tuple[str, ...]) -> int:
    meant = concepts_of(name)
    return min((priority.index(concept) for concept in meant if concept in priority), default=len(priority))


def _target(sheet: Sheet, asked: list[str]) -> str | None:
    """A two-valued column that the question names, or else one whose name says it is an outcome."""
    binary = [name for name, level in sheet.levels.items() if len(level.names) == 2]
    outcome = [name for name in binary if "outcome" in concepts_of(name)]
    named = [name for name in binary if name in asked]
    return next(iter([n for n in outcome if n in asked] + named + outcome), None)


def _date(sheet: Sheet, asked: list[str]) -> str | None:
    usable = [name for name, dates in sheet.dates.items() if dates.nunique() > 1]
    return next(iter([name for name in usable if name in asked] + usable), None)
