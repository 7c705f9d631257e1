"""The rules that choose charts: what each is good for, in both languages, and how much it matters."""

from collections.abc import Callable
from dataclasses import dataclass

from .calendar_charts import calendar_heatmap
from .development_charts import development
from .distribution_charts import boxes, histogram
from .forecast_charts import forecast
from .group_charts import outcome_rate, two_way
from .group_development_charts import development_by_group
from .holdout_charts import actual_vs_predicted, confusion, roc
from .last_resort_charts import last_resort
from .missing_charts import missing_values
from .model_charts import importance, leaderboard
from .ranking_charts import pareto, pie, ranking
from .relation_charts import correlation_heatmap, scatter
from .scene import Built, Scene


@dataclass(frozen=True)
class Rule:
    """A chart that fits when `build` can draw it. `topics` of the question raise its `weight`."""

    name: str
    build: Callable[[Scene], Built]
    weight: float
    topics: frozenset[str]
    en: str
    ko: str


RULES: tuple[Rule, ...] = (
    Rule(
        "forecast", forecast, 100, frozenset({"trend"}),
        "A forecast belongs next to its history, with its uncertainty drawn.",
        "예측은 과거 실적과 불확실성 구간을 함께 보여야 합니다.",
    ),
    Rule(
        "outcome_rate", outcome_rate, 95, frozenset({"driver", "comparison"}),
        "The outcome asked for is a share of rows, so it is compared between groups as a rate.",
        "관심 결과가 두 값으로 나뉘므로 집단별 비율로 비교합니다.",
    ),
    Rule(
        "development", development, 90, frozenset({"trend", "season"}),
        "A line shows how a measure develops over time.",
        "시간에 따른 변화는 선그래프가 가장 잘 보여 줍니다.",
    ),
    Rule(
        "ranking", ranking, 80, frozenset({"breakdown", "comparison"}),
        "Bars from zero compare sizes between categories.",
        "범주 사이의 크기 비교에는 0에서 시작하는 막대가 적합합니다.",
    ),
    Rule(
        "development_by_group", development_by_group, 70, frozenset({"trend", "comparison"}),
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
        "calendar", calendar_heatmap, 60, frozenset({"season"}),
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
        "confusion", confusion, 48, frozenset(),
        "Shows which classes are confused.",
        "어떤 분류가 서로 혼동되는지 보여 줍니다.",
    ),
    Rule(
        "pareto", pareto, 50, frozenset({"breakdown"}),
        "A Pareto chart shows how concentrated a total is.",
        "파레토 차트는 합계가 얼마나 집중되어 있는지 보여 줍니다.",
    ),
    Rule(
        "boxes", boxes, 46, frozenset({"distribution", "comparison"}),
        "Boxes compare typical values and spread between groups.",
        "상자 그림은 집단별 대표값과 흩어진 정도를 비교합니다.",
    ),
    Rule(
        "scatter", scatter, 44, frozenset({"correlation", "driver"}),
        "A scatter plot shows how two numbers go together.",
        "산점도는 두 수치의 관계를 보여 줍니다.",
    ),
    Rule(
        "histogram", histogram, 40, frozenset({"distribution"}),
        "A histogram shows which values are common and which are rare.",
        "히스토그램은 흔한 값과 드문 값을 보여 줍니다.",
    ),
    Rule(
        "correlation", correlation_heatmap, 36, frozenset({"correlation", "driver"}),
        "A heat map shows all pairwise correlations at once.",
        "히트맵은 모든 상관관계를 한 번에 보여 줍니다.",
    ),
    Rule(
        "missing", missing_values, 30, frozenset(),
        "Missing values limit what the other charts can say.",
        "결측은 다른 그래프의 해석을 제한합니다.",
    ),
    Rule(
        "two_way", two_way, 28, frozenset({"comparison", "breakdown"}),
        "Two categories at once show where they combine.",
        "두 범주를 함께 보면 어디서 겹치는지 드러납니다.",
    ),
    Rule(
        "pie", pie, 0, frozenset(),
        "Shares of one whole, because the question asks for a pie.",
        "질문에서 원그래프를 요청했습니다.",
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
