"""The rules that recommend charts for an open question: what each is good for, in both languages, and how much it
matters."""

from collections.abc import Callable
from dataclasses import dataclass

from mesh.tabular.periods import native_frequency

from .building import build, ranked_dimensions
from .diagnostic_charts import calibration, precision_recall, residuals
from .distribution_charts import number_facts
from .forecast_charts import forecast
from .holdout_charts import actual_vs_predicted, confusion, roc
from .last_resort_charts import last_resort
from .missing_charts import missing_values
from .model_charts import importance, leaderboard
from .ranked_levels import rank_levels
from .request import Request
from .scene import Built, Scene

MIN_RATE_ROWS = 20
MIN_CALENDAR_DAYS = 24


@dataclass(frozen=True)
class Rule:
    """A chart that fits when `build` can draw it. `topics` of the question raise its `weight`."""

    name: str
    build: Callable[[Scene], Built]
    weight: float
    topics: frozenset[str]
    en: str
    ko: str


def _asked(propose: Callable[[Scene], Request | None]) -> Callable[[Scene], Built]:
    """A builder that draws what `propose` asks for."""

    def draw(scene: Scene) -> Built:
        request = propose(scene)
        made = build(scene.asking(request)) if request is not None else None
        return made[0] if made is not None else None

    return draw


def _open(scene: Scene) -> Request:
    """What a proposal keeps of the question: its filters, its measure, the period."""
    asked = scene.request
    measures = tuple(n for n in asked.measures if n in scene.whole.numeric) or scene.focus.measures
    return Request(measures=measures[:1], grain=asked.grain, filters=asked.filters, aggregation=None)


def _groupings(scene: Scene) -> tuple[str, ...]:
    named = tuple(
        n for n in scene.request.dimensions if n != scene.focus.target and n in scene.whole.levels_known
    )
    others = tuple(name for name in ranked_dimensions(scene) if name != scene.focus.target)
    return tuple(dict.fromkeys((*named, *others)))


def _development(scene: Scene) -> Request | None:
    request = _open(scene)
    return request.but(form="line", date=scene.focus.date) if scene.focus.date and request.measures else None


def _development_by_group(scene: Scene) -> Request | None:
    request, groups = _open(scene), _groupings(scene)
    if not scene.focus.date or not request.measures or not groups:
        return None
    return request.but(form="line", date=scene.focus.date, dimensions=groups[:1])


def _ranking(scene: Scene) -> Request | None:
    groups = _groupings(scene)
    return _open(scene).but(form="bar", dimensions=groups[:1], top=scene.request.top) if groups else None


def _pareto(scene: Scene) -> Request | None:
    request, groups = _open(scene), _groupings(scene)
    if not request.measures or not groups:
        return None
    return (
        request.but(form="pareto", dimensions=groups[:1]) if len(scene.whole.levels(groups[0])) > 5 else None
    )


def _calendar(scene: Scene) -> Request | None:
    """Months and weekdays of daily data, years and months of monthly; where six months at least are covered."""
    date, request = scene.focus.date, _open(scene)
    if date is None or not request.measures:
        return None
    days = scene.table.known_days(date)
    native = native_frequency(days)
    if native not in {"h", "D", "W", "MS"} or len(days) < MIN_CALENDAR_DAYS or days.dt.month.nunique() < 6:
        return None
    sides = ("weekday", "month") if native in {"h", "D"} else ("year", "month")
    return request.but(form="heatmap", dimensions=tuple(f"{side}({date})" for side in sides))


def _boxes(scene: Scene) -> Request | None:
    request, groups = _open(scene), _groupings(scene)
    if not request.measures or not groups or len(scene.whole.levels(groups[0])) < 2:
        return None
    return request.but(form="box", dimensions=groups[:1])


def _histogram(scene: Scene) -> Request | None:
    request = _open(scene)
    return request.but(form="histogram") if request.measures else None


def _scatter(scene: Scene) -> Request:
    named = tuple(name for name in scene.request.measures if name in scene.whole.numeric)
    return _open(scene).but(form="scatter", measures=named if len(named) > 1 else named[:1])


def _two_way(scene: Scene) -> Request | None:
    request, groups = _open(scene), _groupings(scene)
    return request.but(dimensions=groups[:2]) if request.measures and len(groups) > 1 else None


def _outcome_rate(scene: Scene) -> Request | None:
    """The share of an outcome by the grouping that separates it most, among those of at most twelve large groups."""
    target = scene.focus.target
    if target is None:
        return None
    asking = scene.asking(Request(measures=(target,), aggregation="rate", filters=scene.request.filters))
    named = [name for name in scene.request.dimensions if name in scene.whole.categories and name != target]
    spread: dict[str, float] = {}
    for name in named or scene.whole.categories:
        levels = len(scene.whole.levels(name))
        if name == target or not 2 <= levels <= 12:
            continue
        by = asking.asking(asking.request.but(dimensions=(name,)))
        ranked = rank_levels(by, by.keys[0], by.measure)
        if ranked is not None and len(ranked.names) > 1 and min(ranked.counts) >= MIN_RATE_ROWS:
            n = sum(ranked.counts)
            mean = sum(v * c for v, c in zip(ranked.values, ranked.counts, strict=True)) / n
            spread[name] = (
                sum(c * (v - mean) ** 2 for v, c in zip(ranked.values, ranked.counts, strict=True)) / n
            )
    if not spread:
        return None
    return asking.request.but(form="bar", dimensions=(max(spread, key=lambda name: (spread[name], name)),))


def _correlation(scene: Scene) -> Request | None:
    usable = [name for name in scene.whole.numeric if number_facts(scene, name) is not None][:3]
    return Request(form="correlation", filters=scene.request.filters) if len(usable) > 2 else None


RULES: tuple[Rule, ...] = (
    Rule(
        "forecast", forecast, 100, frozenset({"trend"}),
        "A forecast belongs next to its history, with its uncertainty drawn.",
        "예측은 과거 실적과 불확실성 구간을 함께 보여야 합니다.",
    ),
    Rule(
        "outcome_rate", _asked(_outcome_rate), 95, frozenset({"driver", "comparison"}),
        "The outcome asked for is a share of rows, so it is compared between groups as a rate.",
        "관심 결과가 두 값으로 나뉘므로 집단별 비율로 비교합니다.",
    ),
    Rule(
        "development", _asked(_development), 90, frozenset({"trend", "season"}),
        "A line shows how a measure develops over time.",
        "시간에 따른 변화는 선그래프가 가장 잘 보여 줍니다.",
    ),
    Rule(
        "ranking", _asked(_ranking), 80, frozenset({"breakdown", "comparison"}),
        "Bars from zero compare sizes between categories.",
        "범주 사이의 크기 비교에는 0에서 시작하는 막대가 적합합니다.",
    ),
    Rule(
        "development_by_group", _asked(_development_by_group), 70, frozenset({"trend", "comparison"}),
        "Lines by group show which groups carry the change.",
        "집단별 선은 어떤 집단이 변화를 이끄는지 보여 줍니다.",
    ),
    Rule(
        "leaderboard", leaderboard, 78, frozenset(),
        "Models are only worth something against a baseline.",
        "모델의 가치는 기준 모델과 비교해야 알 수 있습니다.",
    ),
    Rule(
        "importance", importance, 66, frozenset({"driver"}),
        "Shows what the model relies on.",
        "모델이 무엇에 의존하는지 보여 줍니다.",
    ),
    Rule(
        "calendar", _asked(_calendar), 60, frozenset({"season"}),
        "A calendar heat map makes repeating patterns visible at once.",
        "달력 히트맵은 반복되는 패턴을 한눈에 보여 줍니다.",
    ),
    Rule(
        "actual_vs_predicted", actual_vs_predicted, 58, frozenset(),
        "Points near the diagonal are good predictions.",
        "점이 대각선에 가까울수록 좋은 예측입니다.",
    ),
    Rule("roc", roc, 57, frozenset(), "Shows how well a classifier separates.", "분류 모델의 판별력을 보여 줍니다."),
    Rule(
        "calibration", calibration, 49, frozenset(),
        "Shows whether predicted chances come true as often as they say.",
        "예측한 확률이 실제 빈도와 맞는지 보여 줍니다.",
    ),
    Rule(
        "confusion", confusion, 48, frozenset(),
        "Shows which classes are confused.",
        "어떤 분류가 서로 혼동되는지 보여 줍니다.",
    ),
    Rule(
        "precision_recall", precision_recall, 47, frozenset(),
        "Where one class is rare, precision says more than the ROC curve.",
        "한 분류가 드물면 정밀도가 ROC 곡선보다 많은 것을 알려 줍니다.",
    ),
    Rule(
        "residuals", residuals, 47, frozenset(),
        "Errors without a pattern mean that the model missed nothing simple.",
        "오차에 무늬가 없으면 모델이 단순한 규칙을 놓치지 않은 것입니다.",
    ),
    Rule(
        "pareto", _asked(_pareto), 50, frozenset({"breakdown"}),
        "A Pareto chart shows how concentrated a total is.",
        "파레토 차트는 합계가 얼마나 집중되어 있는지 보여 줍니다.",
    ),
    Rule(
        "boxes", _asked(_boxes), 46, frozenset({"distribution", "comparison"}),
        "Boxes compare typical values and spread between groups.",
        "상자 그림은 집단별 대표값과 흩어진 정도를 비교합니다.",
    ),
    Rule(
        "scatter", _asked(_scatter), 44, frozenset({"correlation", "driver"}),
        "A scatter plot shows how two numbers go together.",
        "산점도는 두 수치의 관계를 보여 줍니다.",
    ),
    Rule(
        "histogram", _asked(_histogram), 40, frozenset({"distribution"}),
        "A histogram shows which values are common and which are rare.",
        "히스토그램은 흔한 값과 드문 값을 보여 줍니다.",
    ),
    Rule(
        "correlation", _asked(_correlation), 36, frozenset({"correlation", "driver"}),
        "A heat map shows all pairwise correlations at once.",
        "히트맵은 모든 상관관계를 한 번에 보여 줍니다.",
    ),
    Rule(
        "missing", missing_values, 30, frozenset(),
        "Missing values limit what the other charts can say.",
        "결측은 다른 그래프의 해석을 제한합니다.",
    ),
    Rule(
        "two_way", _asked(_two_way), 28, frozenset({"comparison", "breakdown"}),
        "Two categories at once show where they combine.",
        "두 범주를 함께 보면 어디서 겹치는지 드러납니다.",
    ),
    Rule(
        "last_resort", last_resort, 0, frozenset(),
        "No other chart fits these columns, so what is known of them is counted.",
        "다른 그래프에 맞는 열이 없어 알려진 값의 수를 세었습니다.",
    ),
)  # fmt: skip
TOPIC_WEIGHT = 25.0


def rule(name: str) -> Rule:
    """The rule called `name`; KeyError when there is none."""
    return {known.name: known for known in RULES}[name]
