"""The recommendations of an analysis: every declared rule, tried on every output of its type."""

from collections.abc import Callable, Iterator

from mesh.analysis import Analysis

from . import forecasts, patterns, repairs
from .recommendation import Located, Recommendation

Rule = Callable[[Located], Iterator[Recommendation]]
RULES: tuple[tuple[str, Rule], ...] = (
    ("forecast", forecasts.plan_with_forecast),
    ("forecast", forecasts.widen_band),
    ("model", forecasts.keep_baseline),
    ("model", forecasts.rank_with_classifier),
    ("eda_report", patterns.look_into_decline),
    ("eda_report", patterns.watch_slowing_growth),
    ("eda_report", patterns.spread_dependence),
    ("eda_report", patterns.prepare_for_season),
    ("eda_report", patterns.mind_the_reversal),
    ("eda_report", patterns.learn_from_the_best),
    ("quality_report", repairs.mend_data),
)
_MOST = 8


def recommend(analysis: Analysis) -> list[Recommendation]:
    """What the results support, in the order of `RULES`; empty when no rule's condition is met."""
    given = [
        (
            output.type,
            Located(output.data, f"/steps/{index}/outputs/{place}/data", step.id, analysis.language),
        )
        for index, step in enumerate(analysis.steps)
        for place, output in enumerate(step.outputs)
        if output.data
    ]
    found = [item for kind, rule in RULES for type_, data in given if type_ == kind for item in rule(data)]
    return list({item.action: item for item in found}.values())[:_MOST]
