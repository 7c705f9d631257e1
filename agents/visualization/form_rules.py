"""Which form of chart fits a request, and why: declared rules, the first that holds decides."""

from collections.abc import Callable
from dataclasses import dataclass

from .keys import CYCLE_LENGTH, has_order, key_of
from .request import Request
from .table import Table

MAX_SLICES = 6
FEW_PARTS = 2


@dataclass(frozen=True)
class Signature:
    """What a request and its columns look like to the rules.

    `measures` and `dimensions` are counted; `time` says that time runs along the axis, `adds_up` that the parts of the
    measure make up a whole, `ordered` that the first dimension has a natural order, `cycles` how many dimensions are
    repeating parts of a date.
    """

    measures: int
    dimensions: int
    time: bool
    adds_up: bool
    share: bool
    ordered: bool
    cycles: int


@dataclass(frozen=True)
class FormRule:
    """`form` is drawn where `holds`, for the reason given; `asked` are the forms that it replaces, None: none was asked.

    `misleads` marks the replacement of a form that would mislead: the reason is then a warning.
    """

    asked: tuple[str | None, ...]
    holds: Callable[[Signature], bool]
    when: str
    form: str
    en: str
    ko: str
    misleads: bool = False


def _series(s: Signature) -> bool:
    return s.dimensions + s.time >= FEW_PARTS


FORM_RULES: tuple[FormRule, ...] = (
    FormRule(
        (None,), lambda s: s.cycles >= FEW_PARTS or (s.cycles == 1 and s.dimensions >= FEW_PARTS),
        "a repeating part of a date and another group", "heatmap",
        "A heat map shows a repeating pattern against another grouping at once.",
        "반복되는 시간 단위와 다른 기준이 만나는 패턴은 히트맵이 한눈에 보여 줍니다.",
    ),
    FormRule(
        (None, "bar", "stacked", "line", "area"), lambda s: s.share and _series(s),
        "a share, over two groups or time and a group", "share",
        "Bars of equal length compare how wholes divide.",
        "전체 길이가 같은 막대는 구성비의 차이를 비교하게 해 줍니다.",
    ),
    FormRule(
        (None,), lambda s: s.time,
        "time", "line",
        "A line shows how a measure develops over time.",
        "시간에 따른 변화는 선그래프가 가장 잘 보여 줍니다.",
    ),
    FormRule(
        (None, "bar"), lambda s: _series(s) and s.adds_up,
        "two groups, a measure that adds up", "stacked",
        "Stacked bars show the whole and its parts, because this measure adds up.",
        "더할 수 있는 값이므로 누적 막대로 전체와 부분을 함께 보여 줍니다.",
    ),
    FormRule(
        (None, "bar"), lambda s: _series(s),
        "two groups, a measure that does not add up", "grouped",
        "Bars side by side compare values that do not add up.",
        "더할 수 없는 값은 나란한 막대로 비교합니다.",
    ),
    FormRule(
        ("stacked",), lambda s: _series(s) and not s.adds_up,
        "a stack of a measure that does not add up", "grouped",
        "A stack would add up values whose sum means nothing, so the bars stand side by side.",
        "합계가 의미 없는 값은 쌓을 수 없으므로 나란한 막대로 그렸습니다.",
        misleads=True,
    ),
    FormRule(
        ("area",), lambda s: not s.adds_up,
        "an area of a measure that does not add up", "line",
        "An area stands for a sum, which this measure does not have, so a line is drawn.",
        "이 값은 더할 수 없어 면적이 의미가 없으므로 선으로 그렸습니다.",
        misleads=True,
    ),
    FormRule(
        ("line", "area"), lambda s: not s.time and s.dimensions > 0 and not s.ordered and not s.cycles,
        "a line over categories without an order", "bar",
        "A line would suggest an order that these categories do not have, so bars are drawn.",
        "범주에는 순서가 없어 선으로 이으면 오해할 수 있으므로 막대로 그렸습니다.",
        misleads=True,
    ),
    FormRule(
        ("pie", "pareto", "treemap", "funnel", "share", "sankey", "waterfall"),
        lambda s: not s.adds_up and not s.share and s.measures > 0 and not s.time,
        "parts of a measure that does not add up", "bar",
        "Shares of this measure mean nothing because it does not add up, so bars are drawn.",
        "이 값은 합계가 의미 없어 비중을 나타낼 수 없으므로 막대로 그렸습니다.",
        misleads=True,
    ),
    FormRule(
        ("share",), lambda s: not _series(s),
        "shares within one group only", "bar",
        "One whole is compared best by bars of its shares.",
        "하나의 전체를 나눈 비중은 막대가 가장 정확하게 비교해 줍니다.",
    ),
    FormRule(
        (None,), lambda s: s.dimensions > 0,
        "one group", "bar",
        "Bars from zero compare sizes between categories.",
        "범주 사이의 크기 비교에는 0에서 시작하는 막대가 적합합니다.",
    ),
    FormRule(
        (None,), lambda s: s.measures > 0,
        "a measure alone", "histogram",
        "A histogram shows which values are common and which are rare.",
        "히스토그램은 흔한 값과 드문 값을 보여 줍니다.",
    ),
)  # fmt: skip


def signature(request: Request, table: Table) -> Signature:
    """What the rules look at."""
    first = request.dimensions[0] if request.dimensions else None
    return Signature(
        measures=len(request.measures),
        dimensions=len(request.dimensions),
        time=request.date is not None,
        adds_up=adds_up(request, table),
        share=request.aggregation == "share",
        ordered=first is not None and has_order(first, table),
        cycles=sum(key_of(name, table).part in CYCLE_LENGTH for name in request.dimensions),
    )


def adds_up(request: Request, table: Table) -> bool:
    """Whether groups of what is measured make up a whole: rows, and sums of measures that have one."""
    if request.aggregation in {"mean", "median", "min", "max", "distinct", "rate"}:
        return False
    return all(name in table.numeric and table.additive(name) for name in request.measures)


def rule_for(request: Request, table: Table) -> FormRule | None:
    """The first rule that applies to the form asked for; None where that form is drawn as it is."""
    seen = signature(request, table)
    return next((rule for rule in FORM_RULES if request.form in rule.asked and rule.holds(seen)), None)


def choose_form(request: Request, table: Table) -> tuple[Request, FormRule | None]:
    """The request in the form that fits it, and the last rule that decided so."""
    decided = None
    for _ in FORM_RULES:
        rule = rule_for(request, table)
        if rule is None or rule.form == request.form:
            return request, decided
        request, decided = request.but(form=rule.form), rule
    return request, decided
