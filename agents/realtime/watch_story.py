"""What is said and shown about durable watches."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Output, SkillResult, Table

from .alerting import condition_text
from .durations import duration_parts, duration_text
from .live_watch import LiveWatch
from .rules import Statistic, statistic_text
from .watch_setup import iso


def picture_of(watch: LiveWatch, status: str, note: str) -> dict[str, Any]:
    """A watch as data: what it watches for, its totals, and the last windows, oldest first."""
    spec, windows = watch.spec, watch.windows
    return {
        "id": spec.id,
        "question": spec.question,
        "language": spec.language,
        "status": status,
        "note": note,
        "condition": condition_text(watch),
        "kind": windows.form.kind,
        "window": duration_text(spec.gap_s or spec.size_s),
        "slide": duration_text(spec.slide_s),
        "allowed_lateness_s": spec.lateness_s,
        "threshold": spec.rule.threshold if spec.rule else None,
        "statistic": _statistic(watch),
        "statistic_text": statistic_text(
            _statistic(watch), spec.rule.share if spec.rule else None, spec.language
        ),
        "source": spec.connection or "push",
        "column": watch.column,
        "by": watch.by,
        "items": watch.items,
        "edges": sorted(windows.edges),
        "events": windows.events,
        "late_events": windows.late,
        "missing_values": windows.missing,
        "beyond_keys": windows.beyond_keys,
        "events_ahead_of_clock": windows.ahead,
        "watermark": iso(windows.watermark) if abs(windows.watermark) < float("inf") else None,
        "open_windows": windows.open_windows(),
        "windows_total": watch.windows_total,
        "alerts_total": watch.firing.total,
        "firing": len(watch.firing.alerts),
        "windows": [{"start": iso(w["start_s"]), "end": iso(w["end_s"]), **w} for w in watch.recent],
    }


def _statistic(watch: LiveWatch) -> Statistic:
    """The statistic whose level is judged."""
    if watch.spec.rule is not None:
        return watch.spec.rule.statistic
    return "count" if watch.settled and watch.column is None else "mean"


def begun_result(watch: LiveWatch, language: Language, page: str) -> SkillResult:
    """The reply to a watch that has begun: its rule in words, where to send events, where to look."""
    spec = watch.spec
    lengths = [number for number, _ in duration_parts(spec.gap_s or spec.size_s)]
    rule = spec.rule
    begun = finding(
        language,
        en="The watch {id} is running. It alerts when {c}.",
        ko="감시 {id}(을/를) 시작했습니다. 경보 조건: {c}.",
        importance=0.9,
        kind="watch",
        id=spec.id,
        c=condition_text(watch),
        threshold=abs(rule.threshold) if rule and rule.change else rule.threshold if rule else None,
        upper=rule.upper if rule else None,
        in_a_row=rule.in_a_row if rule else None,
        percent=100 * rule.share if rule and rule.share else None,
        lengths=lengths,
    )
    source = (
        say(
            language,
            en="Send events with POST to {p}/events.",
            ko="이벤트는 {p}/events 주소로 POST하십시오.",
            p=page,
        )
        if spec.connection is None
        else say(language, en="It reads the connection {c}.", ko="{c} 연결을 읽습니다.", c=spec.connection)
    )
    look = say(language, en="See it live at {p}.", ko="{p} 에서 실시간으로 볼 수 있습니다.", p=page)
    data = {
        **picture_of(watch, "running", ""),
        "page": page,
        "push": None if spec.connection else f"{page}/events",
    }
    return SkillResult(
        summary=f"{begun.text} {source} {look}",
        outputs=[_output(data, "watch", say(language, en="Watch", ko="감시"), begun.text)],
        findings=[begun],
    )


def stopped_result(picture: dict[str, Any], left: list[dict[str, Any]], language: Language) -> SkillResult:
    """The reply to a watch that was stopped, with its totals and the watches that go on."""
    said = finding(
        language,
        en="The watch {id} was stopped after {events:,} events, {windows:,} windows and {alerts:,} alerts.",
        ko="감시 {id}(을/를) 멈췄습니다. 이벤트 {events:,}건, 윈도우 {windows:,}개, 경보 {alerts:,}건을 처리했습니다.",
        kind="watch",
        **_totals(picture),
    )
    return SkillResult(
        summary=said.text,
        outputs=[
            _output(picture, "watch", say(language, en="Watch", ko="감시"), said.text),
            *list_result(left, language).outputs,
        ],
        findings=[said],
    )


def list_result(pictures: list[dict[str, Any]], language: Language) -> SkillResult:
    """Every watch with its totals."""
    running = sum(p["status"] == "running" for p in pictures)
    firing = sum(p["firing"] for p in pictures)
    said = finding(
        language,
        en="There are {n:,} watches, {running:,} of them running; {firing:,} alerts are firing.",
        ko="감시 {n:,}개 중 {running:,}개가 실행 중이며, 경보 {firing:,}건이 울리고 있습니다.",
        kind="watch",
        n=len(pictures),
        running=running,
        firing=firing,
    )
    names = ["id", "status", "condition", "events", "late_events", "windows_total", "alerts_total", "firing"]
    titles = (
        names
        if language == "en"
        else ["감시", "상태", "경보 조건", "이벤트", "지연 이벤트", "윈도우", "경보", "울리는 경보"]
    )
    title = say(language, en="Watches", ko="감시 목록")
    shown = [{k: v for k, v in p.items() if k not in {"windows", "alerts"}} for p in pictures]
    return SkillResult(
        summary=said.text,
        outputs=[_output({"watches": shown}, "watch_list", title, said.text)],
        findings=[said, *(_each(p, language) for p in pictures[:10])],
        tables=[Table(title=title, columns=titles, rows=[[p[n] for n in names] for p in pictures])]
        if pictures
        else [],
        warnings=[f"{p['id']}: {p['note']}" for p in pictures if p["note"]],
    )


def _each(picture: dict[str, Any], language: Language) -> Finding:
    return finding(
        language,
        en="{id}: {events:,} events ({late:,} late), {windows:,} windows, {alerts:,} alerts.",
        ko="{id}: 이벤트 {events:,}건(지연 {late:,}건), 윈도우 {windows:,}개, 경보 {alerts:,}건.",
        kind="watch",
        **_totals(picture),
    )


def _totals(picture: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": picture["id"],
        "events": picture["events"],
        "windows": picture["windows_total"],
        "late": picture["late_events"],
        "alerts": picture["alerts_total"],
    }


def _output(data: dict[str, Any], type_: str, title: str, description: str) -> Output:
    return Output(name=type_, type=type_, title=title, description=description, data=data)
