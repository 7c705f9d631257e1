"""A forecast's headline figures and tables."""

from typing import Any

import pandas as pd

from mesh.language import Language, say
from mesh.results import Kpi, Table

from .candidate_names import board_label
from .evidence import error_interval
from .forecast import Forecast


def forecast_kpis(language: Language, made: Forecast, facts: dict[str, Any]) -> list[Kpi]:
    """The headline figures."""
    if made.outlook.lead:
        label = say(language, en="Forecast, {first} to {last}", ko="{first}~{last} 예측", **facts)
    else:
        label = say(language, en="Forecast, next {steps} {unit}", ko="향후 {steps}{unit} 예측", **facts)
    note = f"{_number(facts['lower'])} ~ {_number(facts['upper'])} (95 %)"
    kpis = [Kpi(label=label, value=facts["value"], text=_number(facts["value"]), note=note)]
    if "change" in facts:
        name = say(language, en="Change on a year earlier", ko="전년 동기 대비")
        kpis.append(Kpi(label=name, value=facts["change"], text=f"{facts['change']:+.1%}"))
    errors = made.contest.winner.errors
    if "wape" in errors:
        name = say(language, en="Backtest error (WAPE)", ko="백테스트 오차(WAPE)")
        kpis.append(Kpi(label=name, value=errors["wape"], text=f"{errors['wape']:.1%}"))
    return kpis


def forecast_tables(language: Language, made: Forecast) -> list[Table]:
    """The leaderboard, and the forecast by month where its steps are shorter."""
    contest = made.contest
    rows = []
    for rank, one in enumerate(contest.ranked(), 1):
        errors = [one.errors[name] for name in ("mase", "rmse", "mae")]
        low, high = error_interval(one, contest.origins) or (None, None)
        rows.append([rank, board_label(one.name, language), *errors, low, high, one.baseline])
    ranked = contest.origins.metric.upper()
    headers = (
        ["순위", "모델", "MASE", "RMSE", "MAE", f"{ranked} 95 % 하한", f"{ranked} 95 % 상한", "기준선"]
        if language == "ko"
        else ["Rank", "Model", "MASE", "RMSE", "MAE", f"{ranked} 95 % from", f"{ranked} 95 % to", "Baseline"]
    )
    title = say(
        language,
        en="Forecast leaderboard (rolling-origin backtest)",
        ko="예측 모델 순위표(이동 원점 백테스트)",
    )
    note = say(
        language,
        en="Intervals across the folds of the backtest (Student's t).",
        ko="구간은 백테스트 각 회차의 오차로 계산했습니다(스튜던트 t).",
    )
    tables = [Table(title=title, columns=headers, rows=rows, note=note)]
    by_month = pd.Series(made.mean, index=made.index).groupby(made.index.to_period("M")).sum()
    if (
        made.series.frequency in {"h", "D", "B", "W-MON"}
        and made.series.aggregation == "sum"
        and len(by_month) > 1
    ):
        tables.append(
            Table(
                title=say(language, en="Forecast by month", ko="월별 예측 합계"),
                columns=["월", "예측"] if language == "ko" else ["Month", "Forecast"],
                rows=[[str(month), float(value)] for month, value in by_month.items()],
            )
        )
    return tables


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
