"""Forecasts by group told beside the forecast of the whole."""

from dataclasses import replace
from typing import Any

import pandas as pd

from mesh.language import finding, say
from mesh.results import Finding, Table

from .candidate_names import display_name
from .forecast import Forecast, forecast_frame
from .forecast_facts import stamp, year_before
from .members import Members
from .order import Order, SavedFile, Trained

CHARTED = 10


def with_members(order: Order, trained: Trained, whole: Forecast, members: Members) -> Trained:
    """The told forecast with its groups: findings, a table, `groups` in the data and a CSV file of every period."""
    rows = [_row(name, made, whole) for name, made in members.forecasts.items()]
    groups = {
        "by": members.columns,
        "method": "mint_shrink",
        "merged": members.merged,
        "members": [
            row | ({"points": _points(made)} if number < CHARTED else {})
            for number, (row, made) in enumerate(zip(rows, members.forecasts.values(), strict=True))
        ],
    }
    return replace(
        trained,
        forecast={**(trained.forecast or {}), "groups": groups},
        files=[*trained.files, _save(order, members)],
        findings=[*trained.findings, *_findings(order, members, rows)],
        tables=[_table(order, members, rows), *trained.tables],
        warnings=[*trained.warnings, *_warnings(order, members)],
    )


def averaged_note(order: Order, groups: list[str]) -> str:
    """Why a forecast of averages was not split."""
    return say(
        order.language,
        en="Averages of groups do not add up to the average of all, so the forecast is not split by {by}.",
        ko="그룹별 평균은 합산되지 않으므로 {by}별로 나누어 예측하지 않았습니다.",
        by=", ".join(groups),
    )


def _row(name: str, made: Forecast, whole: Forecast) -> dict[str, Any]:
    value, all_ = float(made.asked.sum()), float(whole.asked.sum())
    before = year_before(made)
    return {
        "label": name,
        "value": value,
        "lower_95": max(value - made.total_half, made.floor),
        "upper_95": value + made.total_half,
        "share": value / all_ if all_ else None,
        "change": value / before - 1 if before is not None else None,
        "model": made.contest.winner.name,
        "beats_baseline": made.contest.beats_baseline,
    }


def _points(made: Forecast) -> list[dict[str, Any]]:
    frame = forecast_frame(made)
    frame["date"] = [stamp(date, made.series.frequency) for date in frame["date"]]
    return [{str(key): value for key, value in point.items()} for point in frame.to_dict(orient="records")]


def _save(order: Order, members: Members) -> SavedFile:
    path = order.folder / "forecast_by_group.csv"
    frames = [forecast_frame(made).assign(group=name) for name, made in members.forecasts.items()]
    pd.concat(frames).to_csv(path, index=False, float_format="%.6f")
    return SavedFile(path, path.name, "text/csv")


def _findings(order: Order, members: Members, rows: list[dict[str, Any]]) -> list[Finding]:
    by = ", ".join(members.columns)
    top = max(rows, key=lambda row: float(row["value"]))
    found = [
        finding(
            order.language,
            en="By {by}, '{top}' is forecast to be the largest: {value:,.0f}, {share:.1%} of the total. The {count} "
            "forecasts add up to the total exactly.",
            ko="{by} 기준으로 '{top}'(이/가) {value:,.0f}(으로/로) 가장 클 것으로 예측되며 전체의 {share:.1%}입니다. "
            "예측 {count}개의 합은 전체 예측과 정확히 같습니다.",
            importance=0.88,
            kind="forecast",
            by=by,
            top=top["label"],
            value=top["value"],
            share=top["share"] or 0.0,
            count=len(rows),
        )
    ]
    changed = [row for row in rows if row["change"] is not None]
    for row, most in (
        [(max(changed, key=_change), True), (min(changed, key=_change), False)] if changed else []
    ):
        if (row["change"] > 0) is most and row["change"] != 0:
            found.append(_mover(order, row))
    return found


def _change(row: dict[str, Any]) -> float:
    return float(row["change"])


def _mover(order: Order, row: dict[str, Any]) -> Finding:
    rises = row["change"] > 0
    return finding(
        order.language,
        en="'{name}' "
        + ("grows" if rises else "falls")
        + " the most against the same period a year earlier: {size:.1%}.",
        ko="'{name}'(이/가) 전년 같은 기간보다 가장 많이 "
        + ("늘어납니다" if rises else "줄어듭니다")
        + ": {size:.1%}.",
        importance=0.7,
        kind="forecast",
        name=row["label"],
        size=abs(row["change"]),
    )


def _table(order: Order, members: Members, rows: list[dict[str, Any]]) -> Table:
    korean = order.language == "ko"
    by = " · ".join(members.columns)
    return Table(
        title=say(order.language, en="Forecast by {by}", ko="{by}별 예측", by=by),
        columns=[by, "예측", "비중", "95% 하한", "95% 상한", "전년 동기 대비", "모델"]
        if korean
        else [by, "Forecast", "Share", "Lower 95 %", "Upper 95 %", "On a year earlier", "Model"],
        rows=[
            [
                *(row[key] for key in ("label", "value", "share", "lower_95", "upper_95", "change")),
                display_name(row["model"], order.language),
            ]
            for row in rows
        ],
    )


def _warnings(order: Order, members: Members) -> list[str]:
    if not members.merged:
        return []
    return [
        say(
            order.language,
            en="There are too many groups to forecast each: the smallest were forecast together (see 'merged').",
            ko="그룹이 너무 많아 작은 그룹은 합쳐서 예측했습니다('merged' 항목 참고).",
        )
    ]
