"""The tables of an explanation: importance, weak segments, thresholds, groups, one row."""

from typing import Any

from mesh.language import Language, say
from mesh.results import Table

from .explanation_words import condition, rate_name

SHOWN = 30


def explanation_tables(report: dict[str, Any], language: Language) -> dict[str, Table]:
    """The tables that the report has something for, by the part of it that they show, in order."""
    made = {
        "row": _row(report, language),
        "thresholds": _thresholds(report, language),
        "fairness": _fairness(report, language),
        "importance": _importance(report, language),
        "segments": _segments(report, language),
        "calibration": _calibration(report, language),
    }
    return {name: table for name, table in made.items() if table is not None and table.rows}


def _heads(language: Language, *pairs: tuple[str, str]) -> list[str]:
    return [pair[language == "ko"] for pair in pairs]


def _importance(report: dict[str, Any], language: Language) -> Table:
    effects = {row["feature"]: row["mean"] for row in report["shapley"]["features"]}
    heads = (
        *(("Column", "변수"), ("Importance", "중요도"), ("Loss grows by", "손실 증가")),
        *(("from", "하한"), ("to", "상한"), ("Clear", "뚜렷함"), ("Mean effect", "평균 영향")),
    )
    return Table(
        title=say(language, en="What the model goes by", ko="변수 중요도"),
        columns=_heads(language, *heads),
        rows=[
            [
                row["feature"],
                row["share"],
                *(round(row[key], 5) for key in ("increase", "low", "high")),
                row["clear"],
                round(effects[row["feature"]], 5),
            ]
            for row in report["importance"]["features"][:SHOWN]
        ],
        note=say(
            language,
            en="Loss grows by: permutation importance with its 95 % interval. Mean effect: the mean absolute Shapley value.",
            ko="손실 증가: 순열 중요도와 95% 구간. 평균 영향: 섀플리 값 절댓값의 평균.",
        ),
    )


def _segments(report: dict[str, Any], language: Language) -> Table:
    error = ("Error rate", "오류 비율") if report["classes"] else ("Mean error", "평균 오차")
    rest = (
        ("Error rate elsewhere", "나머지 오류 비율")
        if report["classes"]
        else ("Mean error elsewhere", "나머지 평균 오차")
    )
    return Table(
        title=say(language, en="Weak segments", ko="약한 구간"),
        columns=_heads(language, ("Rows where", "구간"), ("Rows", "행"), error, rest, ("p", "p값")),
        rows=[
            [condition(s["where"], language), s["rows"], s["error"], s["rest"], s["p_adjusted"]]
            for s in report["segments"]["segments"]
        ],
        note=say(
            language,
            en="p is corrected for the number of segments tried (Holm).",
            ko="p값은 살펴본 구간 수에 맞춰 보정했습니다(Holm).",
        ),
    )


def _calibration(report: dict[str, Any], language: Language) -> Table | None:
    if report["calibration"] is None:
        return None
    heads = (
        ("Predicted share", "예측 비율"),
        ("Observed share", "실제 비율"),
        ("from", "하한"),
        ("to", "상한"),
        ("Rows", "행"),
    )
    return Table(
        title=say(language, en="Predicted and observed", ko="예측 확률과 실제 비율"),
        columns=_heads(language, *heads),
        rows=[
            [p["given"], p["happened"], p["low"], p["high"], p["rows"]]
            for p in report["calibration"]["curve"]
        ],
    )


def _thresholds(report: dict[str, Any], language: Language) -> Table | None:
    choice = report["thresholds"]
    if choice is None:
        return None
    heads = (
        *(("Act from", "조치 기준 확률"), ("Flagged", "알림"), ("Caught", "찾음"), ("Missed", "놓침")),
        *(("False alarms", "잘못 알림"), ("Cost per row", "행당 비용")),
    )
    lines = (("threshold", "at_threshold", "cost"), ("own_threshold", "at_own", "own_cost"))
    return Table(
        title=say(
            language, en="The cheapest threshold, and the model's own", ko="가장 싼 임계값과 현재 임계값"
        ),
        columns=_heads(language, *heads),
        rows=[
            [
                choice[threshold],
                *(choice[at][key] for key in ("flagged", "caught", "missed", "false_alarms")),
                round(choice[cost], 4),
            ]
            for threshold, at, cost in lines
        ],
        note=say(
            language,
            en="The cheapest threshold's cost is measured on rows that it was not chosen on.",
            ko="가장 싼 임계값의 비용은 고르는 데 쓰지 않은 행에서 잰 값입니다.",
        ),
    )


def _fairness(report: dict[str, Any], language: Language) -> Table | None:
    compared = report["fairness"]
    if compared is None:
        return None
    rates = ("selection", "tpr", "fpr")
    names = [rate_name(rate, language) for rate in rates]
    rows = []
    for group in compared["groups"]:
        cells = [_span(group[rate]) for rate in rates]
        rows.append([group["label"], group["rows"], *cells])
    return Table(
        title=say(language, en="Groups of '{group}'", ko="'{group}' 집단별 비교", group=compared["group"]),
        columns=[
            *_heads(language, ("Group", "집단"), ("Rows", "행")),
            *(n[0].upper() + n[1:] for n in names),
        ],
        rows=rows,
        note=say(
            language, en="In brackets: 95 % intervals (Wilson).", ko="괄호 안은 95% 구간(Wilson)입니다."
        ),
    )


def _span(rate: dict[str, Any]) -> str:
    return "–" if rate["rate"] is None else f"{rate['rate']:.1%} ({rate['low']:.1%}–{rate['high']:.1%})"


def _row(report: dict[str, Any], language: Language) -> Table | None:
    row = report["row"]
    if row is None:
        return None
    heads = ("Column", "변수"), ("Value", "값"), ("Effect on the prediction", "예측에 준 영향")
    return Table(
        title=say(language, en="Row {row:,}", ko="{row:,}번째 행", row=row["row"]),
        columns=_heads(language, *heads),
        rows=[[part["feature"], part["value"], round(part["effect"], 5)] for part in row["parts"][:SHOWN]],
        note=say(
            language,
            en="Shapley values: together they lead from the average prediction to this one.",
            ko="섀플리 값: 모두 더하면 평균 예측에서 이 행의 예측이 됩니다.",
        ),
    )
