"""A forecast told in the language of the question, and as the structured results other agents read."""

from typing import Any

import numpy as np
import pandas as pd

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .candidate_names import board_label, display_name
from .contest import COMBINED
from .forecast import Forecast, forecast_frame
from .forecast_warnings import forecast_warnings
from .harmonic import Harmonic
from .order import Order, SavedFile, SavedTable, Trained

HISTORY_POINTS = 2000
HOLDOUT_POINTS = 500
_UNITS = {
    "h": ("hour", "시간"),
    "D": ("day", "일"),
    "W-MON": ("week", "주"),
    "MS": ("month", "개월"),
    "QS": ("quarter", "분기"),
    "YS": ("year", "년"),
}


def tell(
    order: Order,
    made: Forecast,
    steps: int,
    setup: dict[str, Any],
    files: list[SavedFile],
    predictions: SavedTable,
) -> Trained:
    """Everything the forecast has to say; each number in the prose is in the structured part."""
    facts = _facts(order, made, steps)
    return Trained(
        summary=_summary(order.language, made, facts),
        model=_model(order, made),
        forecast=_forecast(order, made, steps, setup, facts),
        files=files,
        predictions=predictions,
        findings=_findings(order.language, made, facts),
        kpis=_kpis(order.language, made, facts),
        tables=_tables(order.language, made),
        warnings=forecast_warnings(order.language, made, steps),
    )


def _facts(order: Order, made: Forecast, steps: int) -> dict[str, Any]:
    summed = made.series.aggregation == "sum"
    english, korean = _UNITS[made.series.frequency]
    level = float(made.mean.sum()) if summed else float(made.mean.mean())
    half = made.total_half if summed else made.total_half / steps
    facts: dict[str, Any] = {
        "target": order.choice.target or say(order.language, en="number of rows", ko="행 수"),
        "steps": steps,
        "unit": korean if order.language == "ko" else english + ("s" if steps != 1 else ""),
        "value": level,
        "lower": max(level - half, made.floor),
        "upper": level + half,
        "confidence": 0.95,
    }
    before = year_before(made)
    if before is not None:
        facts |= {"before": before, "change": level / before - 1}
    return facts


def year_before(made: Forecast) -> float | None:
    """The same measure over the same period a year earlier; None where the history does not hold it or it is not above 0."""
    values = made.series.values
    first, last = (stamp - pd.DateOffset(years=1) for stamp in (made.index[0], made.index[-1]))
    window = values.loc[first:last]
    if first < values.index[0] or not 0.9 * len(made.index) <= len(window) <= 1.1 * len(made.index):
        return None
    before = float(window.mean()) * (len(made.index) if made.series.aggregation == "sum" else 1)
    return before if before > 0 else None


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


def _summary(language: Language, made: Forecast, facts: dict[str, Any]) -> str:
    return f"{_headline(language, made, facts).text} {_verdict(language, made).text}"


def _headline(language: Language, made: Forecast, facts: dict[str, Any]) -> Finding:
    digits = ",.0f" if abs(facts["value"]) >= 100 else ",.2f"
    english = "in total" if made.series.aggregation == "sum" else "on average"
    korean = "합계" if made.series.aggregation == "sum" else "평균"
    numbers = f"{{lower:{digits}}}", f"{{upper:{digits}}}", f"{{value:{digits}}}"
    return finding(
        language,
        en=f"'{{target}}' is forecast at {numbers[2]} {english} over the next {{steps}} {{unit}} "
        f"({{confidence:.0%}} interval {numbers[0]} to {numbers[1]}).",
        ko=f"앞으로 {{steps}}{{unit}}간 '{{target}}' {korean}(은/는) {numbers[2]}(으로/로) 예측됩니다"
        f"({{confidence:.0%}} 구간 {numbers[0]}~{numbers[1]}).",
        importance=0.95,
        kind="forecast",
        **{k: facts[k] for k in ("target", "steps", "unit", "value", "lower", "upper", "confidence")},
    )


def _verdict(language: Language, made: Forecast) -> Finding:
    contest = made.contest
    facts: dict[str, Any] = {
        "model": display_name(contest.winner.name, language),
        "baseline": display_name(contest.baseline.name, language),
        "mase": contest.winner.mase,
        "baseline_mase": contest.baseline.mase,
        "folds": len(contest.origins.lengths),
    }
    if contest.beats_baseline:
        return finding(
            language,
            en="In a backtest of {folds} folds, {model} had an error (MASE {mase:.3f}) {gain:.1%} smaller than the "
            "best naive method, {baseline} ({baseline_mase:.3f}).",
            ko="{folds}회 백테스트에서 {model}의 오차(MASE {mase:.3f})는 가장 나은 단순 방법인 "
            "{baseline}({baseline_mase:.3f})보다 {gain:.1%} 작았습니다.",
            importance=0.8,
            kind="model",
            gain=contest.lead.share,
            **facts,
        )
    if contest.winner is contest.leader:
        return finding(
            language,
            en="No model beats the naive baseline by more than chance in a backtest of {folds} folds (MASE {mase:.3f} against "
            "{baseline_mase:.3f} of {baseline}). The forecast is {model}, which is likely the better choice.",
            ko="{folds}회 백테스트에서 단순 기준선보다 확실히 나은 모델이 없었습니다(MASE {mase:.3f}, 기준선 {baseline} "
            "{baseline_mase:.3f}). 예측에는 더 나을 가능성이 높은 {model}(을/를) 사용했습니다.",
            importance=0.9,
            kind="model",
            **facts,
        )
    leader = contest.leader
    if leader is not None:
        facts |= {"leader": display_name(leader.name, language), "leader_mase": leader.mase}
    best_en = " ({leader}: MASE {leader_mase:.3f})" if leader is not None else ""
    best_ko = "({leader}: MASE {leader_mase:.3f})" if leader is not None else ""
    return finding(
        language,
        en="No model beats the naive baseline"
        + best_en
        + " by more than chance in a backtest of {folds} folds, so the "
        "forecast is the simple one: {baseline} (MASE {baseline_mase:.3f}).",
        ko="{folds}회 백테스트에서 단순 기준선보다 확실히 나은 모델이 없었습니다"
        + best_ko
        + ". 따라서 단순한 방법인 "
        "{baseline}(MASE {baseline_mase:.3f})(을/를) 예측에 사용했습니다.",
        importance=0.9,
        kind="model",
        **facts,
    )


def _findings(language: Language, made: Forecast, facts: dict[str, Any]) -> list[Finding]:
    found = [_headline(language, made, facts), _verdict(language, made)]
    if "before" in facts:
        rising = facts["change"] >= 0
        found.append(
            finding(
                language,
                en="That is {size:.1%} "
                + ("more" if rising else "less")
                + " than in the same period a year earlier "
                "({before:,.0f}).",
                ko="이는 1년 전 같은 기간({before:,.0f})보다 {size:.1%} "
                + ("많습니다." if rising else "적습니다."),
                importance=0.85,
                kind="forecast",
                before=facts["before"],
                size=abs(facts["change"]),
                years=1,
            )
        )
    if made.coverage:
        found.append(
            finding(
                language,
                en="In the backtest {held:.1%} of the actual values fell inside the {level:.0%} interval.",
                ko="백테스트에서 실제값의 {held:.1%}가 {level:.0%} 구간 안에 들어왔습니다.",
                importance=0.5,
                kind="model",
                held=made.coverage[0.95],
                level=0.95,
            )
        )
    shares = importance(made)
    if shares:
        top = shares[0]
        found.append(
            finding(
                language,
                en="Most of the pattern that the model found comes from {part} ({share:.1%}).",
                ko="모델이 찾은 변동의 대부분은 {part}에서 나옵니다({share:.1%}).",
                importance=0.6,
                kind="driver",
                part=_part(top["feature"], language),
                share=top["importance"],
            )
        )
    return found


def _part(name: str, language: Language) -> str:
    english, korean = {
        "trend": ("the trend", "추세"),
        "year": ("the season of the year", "연간 계절성"),
        "weekday": ("the day of the week", "요일"),
        "season": ("the season", "계절성"),
    }[name]
    return korean if language == "ko" else english


def importance(made: Forecast) -> list[dict[str, Any]]:
    """Share of the modelled variance per part of the calendar, when a calendar regression takes part in the forecast."""
    contest = made.contest
    for name in contest.used():
        candidate = contest.candidates[name]
        if isinstance(candidate, Harmonic):
            ranked = sorted(candidate.shares.items(), key=lambda item: -item[1])
            return [{"feature": part, "importance": share} for part, share in ranked]
    return []


def _kpis(language: Language, made: Forecast, facts: dict[str, Any]) -> list[Kpi]:
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


def _tables(language: Language, made: Forecast) -> list[Table]:
    rows = [
        [rank, display_name(s.name, language), s.mase, s.errors["rmse"], s.errors["mae"], s.baseline]
        for rank, s in enumerate(made.contest.ranked(), 1)
    ]
    headers = (
        ["순위", "모델", "MASE", "RMSE", "MAE", "기준선"]
        if language == "ko"
        else ["Rank", "Model", "MASE", "RMSE", "MAE", "Baseline"]
    )
    title = say(
        language,
        en="Forecast leaderboard (rolling-origin backtest)",
        ko="예측 모델 순위표(이동 원점 백테스트)",
    )
    tables = [Table(title=title, columns=headers, rows=rows)]
    by_month = pd.Series(made.mean, index=made.index).groupby(made.index.to_period("M")).sum()
    if (
        made.series.frequency in {"h", "D", "W-MON"}
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


def _errors(errors: dict[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in errors.items()}


def _model(order: Order, made: Forecast) -> dict[str, Any]:
    contest, values = made.contest, made.series.values
    winner, best_baseline = contest.winner, contest.baseline
    pairs = np.column_stack([contest.origins.actual.ravel(), winner.predicted.ravel()])[-HOLDOUT_POINTS:]
    return {
        "task": "forecast",
        "target": order.choice.target or "rows",
        "reason": order.choice.reason,
        "metric": contest.origins.metric,
        "engine": winner.engine,
        "rows_train": len(values),
        "rows_test": int(contest.origins.actual.size),
        "split": "time",
        "leaderboard": [
            {
                "rank": rank,
                "model": s.name,
                "label": board_label(s.name, order.language),
                "engine": s.engine,
                **_errors(s.errors),
                "baseline": s.baseline,
            }
            for rank, s in enumerate(contest.ranked(), 1)
        ],
        "best": {"model": winner.name, **_errors(winner.errors)},
        "parts": contest.parts if winner.name == COMBINED else [],
        "weights": contest.used(),
        "baseline": {"model": best_baseline.name, **_errors(best_baseline.errors)},
        "beats_baseline": contest.beats_baseline,
        "importance": importance(made),
        "features": [c for c in (order.choice.date_column, order.choice.target) if c],
        "excluded": [],
        "skipped": [{"model": name, "why": why} for name, why in sorted(contest.skipped.items())],
        "seed": order.seed,
        "seconds": round(made.seconds, 2),
        "holdout": {"actual_vs_predicted": pairs.tolist()},
    }


def _forecast(
    order: Order, made: Forecast, steps: int, setup: dict[str, Any], facts: dict[str, Any]
) -> dict[str, Any]:
    values, contest = made.series.values, made.contest
    frame = forecast_frame(made)
    points = frame.assign(date=[stamp(d, made.series.frequency) for d in frame["date"]]).to_dict(
        orient="records"
    )
    history = values.iloc[-HISTORY_POINTS:]
    summed = made.series.aggregation == "sum"
    return {
        "date_column": order.choice.date_column,
        "target": order.choice.target or "rows",
        "aggregation": made.series.aggregation,
        "frequency": made.series.frequency,
        "horizon": steps,
        "filled": made.series.filled,
        "dropped": made.series.dropped,
        "history": [
            {"date": stamp(date, made.series.frequency), "value": float(value)}
            for date, value in history.items()
        ],
        "points": [{str(k): v for k, v in point.items()} for point in points],
        "total": facts["value"] if summed else None,
        "total_lower_95": facts["lower"] if summed else None,
        "total_upper_95": facts["upper"] if summed else None,
        "backtest": {
            **setup,
            "coverage_80": made.coverage.get(0.80),
            "coverage_95": made.coverage.get(0.95),
            "metrics": _errors(contest.winner.errors),
        },
        "model": contest.winner.name,
        "baseline": {"name": contest.baseline.name, **_errors(contest.baseline.errors)},
        "beats_baseline": contest.beats_baseline,
    }


def stamp(date: Any, frequency: str) -> str:
    """A period's first moment as text: a date, with the time of day for hours."""
    return str(date) if frequency == "h" else str(date.date())
