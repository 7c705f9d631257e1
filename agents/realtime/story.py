"""What is said about a watched stream."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Output, SkillResult, Table

from .durations import duration_parts
from .wording import length_text

TABLE_ROWS = 50


def stream_result(data: dict[str, Any], language: Language) -> SkillResult:
    """The skill result of `replay_stream`'s data."""
    return SkillResult(
        summary=_overview(data, language).text,
        outputs=[
            Output(
                name="stream_report",
                type="stream_report",
                title=say(language, en="Stream report", ko="스트림 보고서"),
                description=_overview(data, language).text,
                data=data,
            )
        ],
        findings=[
            _overview(data, language),
            *_item_findings(data, language),
            *_alert_findings(data, language),
        ],
        kpis=_kpis(data, language),
        tables=_tables(data, language),
        warnings=_warnings(data, language),
    )


def _overview(data: dict[str, Any], language: Language) -> Finding:
    values = {
        "events": data["events"],
        "n": data["windows_total"],
        "size": data["window_s"],
        "slide": data["slide_s"],
        "alerts": data["alerts_total"],
    }
    window, slide = length_text(data["window_s"], language), length_text(data["slide_s"], language)
    step = "" if data["kind"] == "tumbling" else say(language, en=" every {s}", ko="({s} 간격)", s=slide)
    watched = data["value_column"]
    parts = {
        "w": window,
        "step": step,
        "c": watched or "",
        "mean": data["overall"]["mean"],
        "wn": [number for number, _ in duration_parts(data["window_s"])],
        "sn": [number for number, _ in duration_parts(data["slide_s"])],
    }
    if watched is None or data["overall"]["mean"] is None:
        return finding(
            language,
            en="{events:,} events were replayed in {n:,} windows of {w}{step}; {alerts:,} alerts were raised.",
            ko="이벤트 {events:,}건을 {w} 윈도우{step} {n:,}개로 재생했으며 경보는 {alerts:,}건입니다.",
            importance=0.7,
            kind="stream",
            **values,
            **parts,
        )
    return finding(
        language,
        en="{events:,} events were replayed in {n:,} windows of {w}{step}; "
        "{c} averages {mean:,.2f} and {alerts:,} alerts were raised.",
        ko="이벤트 {events:,}건을 {w} 윈도우{step} {n:,}개로 재생했으며 {c} 평균은 {mean:,.2f}, 경보는 {alerts:,}건입니다.",
        importance=0.7,
        kind="stream",
        **values,
        **parts,
    )


def _item_findings(data: dict[str, Any], language: Language) -> list[Finding]:
    """The distinct and the most frequent items of the whole stream, and of the window with the most distinct ones."""
    if not data["item_column"] or not data["overall"]["top"]:
        return []
    item, count, _ = data["overall"]["top"][0]
    most = max(data["windows"], key=lambda w: w["distinct"])
    return [
        finding(
            language,
            en="There are {n:,.0f} distinct values of {c}, at most {most:,.0f} in one window (from {start}); "
            "the most frequent is {item} with {count:,} events.",
            ko="{c}의 고유 값은 {n:,.0f}개이고, 한 윈도우에서 최대 {most:,.0f}개입니다({start}부터). "
            "가장 많은 값은 {item}(으로/로) 이벤트 {count:,}건입니다.",
            importance=0.75,
            kind="items",
            n=data["overall"]["distinct"],
            c=data["item_column"],
            most=most["distinct"],
            start=most["start"],
            item=item,
            count=count,
        )
    ]


def _alert_findings(data: dict[str, Any], language: Language) -> list[Finding]:
    """The three strongest anomalies and the last two drifts."""
    anomalies = sorted((a for a in data["alerts"] if a["kind"] == "anomaly"), key=lambda a: -a["strength"])[
        :3
    ]
    drifts = [a for a in data["alerts"] if a["kind"] == "drift"][-2:]
    what = data["value_column"] or say(language, en="the number of events", ko="이벤트 수")
    return [_anomaly(a, what, language) for a in anomalies] + [_drift(d, what, language) for d in drifts]


def _anomaly(alert: dict[str, Any], what: str, language: Language) -> Finding:
    up = alert["direction"] == "up"
    return finding(
        language,
        en="In the window from {start}, {what} was {value:,.2f}, unusually {d}: usual at that time is {usual:,.2f}, "
        "between {low:,.2f} and {high:,.2f}.",
        ko="{start}에 시작하는 윈도우에서 {what}(이/가) {value:,.2f}(으로/로) 이례적으로 {d}. "
        "그 시각의 평소 값은 {usual:,.2f}, 범위는 {low:,.2f}~{high:,.2f}입니다.",
        importance=0.8,
        kind="anomaly",
        start=alert["peak"],
        what=what,
        value=alert["value"],
        usual=alert["usual"],
        low=alert["low"],
        high=alert["high"],
        calendar=alert["calendar"],
        d=say(language, en="high" if up else "low", ko="높습니다" if up else "낮습니다"),
    )


def _drift(alert: dict[str, Any], what: str, language: Language) -> Finding:
    up = alert["direction"] == "up"
    return finding(
        language,
        en="From {start} on the level of {what} {d}, from {before:,.2f} to {after:,.2f} on average.",
        ko="{start}부터 {what}의 수준이 평균 {before:,.2f}에서 {after:,.2f}(으로/로) {d}.",
        importance=0.75,
        kind="drift",
        start=alert["start"],
        what=what,
        before=alert["before"],
        after=alert["after"],
        calendar=alert["calendar"],
        d=say(language, en="rose" if up else "fell", ko="올라갔습니다" if up else "내려갔습니다"),
    )


def _kpis(data: dict[str, Any], language: Language) -> list[Kpi]:
    named = [
        (say(language, en="Events", ko="이벤트"), data["events"]),
        (say(language, en="Windows", ko="윈도우"), data["windows_total"]),
        (say(language, en="Late events", ko="지연 이벤트"), data["late_events"]),
        (say(language, en="Alerts", ko="경보"), data["alerts_total"]),
    ]
    return [Kpi(label=label, value=float(value), text=f"{value:,}") for label, value in named]


def _tables(data: dict[str, Any], language: Language) -> list[Table]:
    if not data["windows"]:
        return []
    columns = {
        "start": say(language, en="start", ko="시작"),
        "end": say(language, en="end", ko="끝"),
        "count": say(language, en="count", ko="건수"),
        "mean": say(language, en="mean", ko="평균"),
        "min": say(language, en="min", ko="최소"),
        "p50": say(language, en="median", ko="중앙값"),
        "p95": say(language, en="95th percentile", ko="95백분위수"),
        "max": say(language, en="max", ko="최대"),
        "std": say(language, en="std", ko="표준편차"),
    }
    if data["item_column"]:
        columns["distinct"] = say(language, en="distinct {c}", ko="고유 {c}", c=data["item_column"])
    shown = data["windows"][-TABLE_ROWS:]
    title = say(language, en="Latest windows", ko="최근 윈도우")
    tables = [
        Table(title=title, columns=list(columns.values()), rows=[[w[n] for n in columns] for w in shown])
    ]
    if data["item_column"]:
        title = say(language, en="Most frequent {c}", ko="가장 많은 {c}", c=data["item_column"])
        heads = [data["item_column"], say(language, en="events", ko="이벤트")]
        rows = [[item, count] for item, count, _ in data["overall"]["top"]]
        tables.append(Table(title=title, columns=heads, rows=rows))
    return tables


def _warnings(data: dict[str, Any], language: Language) -> list[str]:
    notes = []
    if data["order"] == "time":
        notes.append(
            say(
                language,
                en="The rows do not lie in the order of time, so they were replayed sorted by time.",
                ko="행이 시간 순서가 아니어서 시간순으로 정렬해 재생했습니다.",
            )
        )
    if data["late_events"]:
        notes.append(
            say(
                language,
                en="{n:,} late events arrived after their windows had closed and are in no window.",
                ko="지연 이벤트 {n:,}건은 윈도우가 닫힌 뒤 도착해 집계되지 않았습니다.",
                n=data["late_events"],
            )
        )
    if data["windows_total"] > len(data["windows"]):
        notes.append(
            say(
                language,
                en="The report lists the last {k:,} of {n:,} windows.",
                ko="보고서에는 전체 {n:,}개 중 마지막 {k:,}개 윈도우를 담았습니다.",
                k=len(data["windows"]),
                n=data["windows_total"],
            )
        )
    return notes
