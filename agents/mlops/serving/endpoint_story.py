"""Endpoints, trials and watches in the language of the question."""

import json
import shlex
from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Output, SkillResult, Table

from .endpoint import Endpoint, Trial
from .service import Served
from .verdict_story import agreement_finding, decay_finding, drift_finding, rollback_finding, trial_finding


def served_result(
    served: Served, champion: int | None, schema: dict[str, Any], language: Language
) -> SkillResult:
    """The reply to a model that is served now: where, and a line that can be pasted."""
    endpoint = served.endpoint
    found = finding(
        language,
        en="'{name}' version {version} answers at {url} (rows as JSON in, predictions out).",
        ko="'{name}' 버전 {version}(이/가) {url}에서 응답합니다(JSON 행을 보내면 예측을 돌려줍니다).",
        importance=0.95,
        kind="endpoint",
        name=endpoint.name,
        version=endpoint.version,
        url=f"{endpoint.url}score",
        port=endpoint.port,
    )
    warnings = []
    if champion is not None and champion != endpoint.version:
        warnings.append(
            say(
                language,
                en="Version {version} is served, but the champion of '{name}' is version {champion}.",
                ko="버전 {version}(을/를) 서빙하지만 '{name}'의 챔피언은 버전 {champion}입니다.",
                name=endpoint.name,
                version=endpoint.version,
                champion=champion,
            )
        )
    data = {**endpoint_data(served), "schema": schema, "curl": curl_line(endpoint, schema["example"])}
    title = say(language, en="Scoring endpoint", ko="예측 엔드포인트")
    return SkillResult(
        summary=found.text,
        outputs=[Output(name="endpoint", type="endpoint", title=title, data=data)],
        findings=[found],
        tables=[_addresses(endpoint, data["curl"], language)],
        warnings=warnings,
    )


def followed_finding(served: Served, language: Language) -> Finding:
    """That an endpoint answers with the new champion."""
    return finding(
        language,
        en="The endpoint of '{name}' answers with version {version} now.",
        ko="'{name}' 엔드포인트는 이제 버전 {version}(으로/로) 응답합니다.",
        importance=0.6,
        kind="endpoint",
        name=served.endpoint.name,
        version=served.endpoint.version,
    )


def stopped_result(endpoint: Endpoint, language: Language) -> SkillResult:
    """The reply to an endpoint that was taken away."""
    found = finding(
        language,
        en="'{name}' is no longer served; port {port} is free again. What it scored is kept.",
        ko="'{name}' 서빙을 중지했습니다. 포트 {port}(이/가) 비었고, 예측 기록은 남아 있습니다.",
        importance=0.9,
        kind="endpoint",
        name=endpoint.name,
        port=endpoint.port,
    )
    data = {"name": endpoint.name, "version": endpoint.version, "port": endpoint.port, "stopped": True}
    output = Output(name="stopped_endpoint", type="stopped_endpoint", title=endpoint.name, data=data)
    return SkillResult(summary=found.text, outputs=[output], findings=[found])


def listed_result(listed: list[Served], language: Language) -> SkillResult:
    """Every endpoint, how much it has answered and how fast."""
    if not listed:
        found = finding(
            language, en="No model is served now.", ko="지금 서빙 중인 모델이 없습니다.", kind="endpoint"
        )
    else:
        found = finding(
            language,
            en="Models served now: {count}.",
            ko="서빙 중인 모델은 {count}개입니다.",
            importance=0.8,
            kind="endpoint",
            count=len(listed),
        )
    title = say(language, en="Scoring endpoints", ko="예측 엔드포인트")
    data = {"endpoints": [endpoint_data(served) for served in listed]}
    tables = [_listing(title, listed, language)] if listed else []
    outputs = [Output(name="endpoint_list", type="endpoint_list", title=title, data=data)]
    return SkillResult(summary=found.text, outputs=outputs, findings=[found], tables=tables)


def trial_result(
    served: Served, trial: Trial, seen: dict[str, Any] | None, language: Language
) -> SkillResult:
    """How a challenger is doing beside the champion, or that its trial has begun or ended."""
    endpoint = served.endpoint
    findings = [_trial_state(endpoint, trial, language)]
    verdict = trial.verdict or seen
    if verdict is not None:
        findings.insert(0, trial_finding(verdict, verdict["champion"], trial, language))
        agreement = agreement_finding(verdict, language)
        findings += [agreement] if agreement is not None else []
    title = say(language, en="Champion and challenger", ko="챔피언과 도전자")
    data = {
        "name": endpoint.name,
        "url": endpoint.url,
        "running": endpoint.trial is not None,
        "champion": endpoint.version,
        "challenger": trial.version,
        "mode": trial.mode,
        "share": trial.share,
        "alpha": trial.alpha,
        "least": trial.least,
        "verdict": verdict,
    }
    return SkillResult(
        summary=" ".join(f.text for f in findings[:2]),
        outputs=[Output(name="trial_report", type="trial_report", title=title, data=data)],
        findings=findings,
    )


def watch_result(served: Served, seen: dict[str, Any] | None, language: Language) -> SkillResult:
    """How a served model is doing, and what is done about it."""
    endpoint, watch = served.endpoint, served.endpoint.watch
    title = say(language, en="Watch of a served model", ko="서빙 모델 감시")
    data = {**endpoint_data(served), "watch": watch.model_dump(mode="json") if watch else None}
    if watch is None:
        ended = finding(
            language,
            en="'{name}' is no longer watched; it is still served.",
            ko="'{name}'의 감시를 끝냈습니다. 서빙은 계속합니다.",
            kind="watch",
            name=endpoint.name,
        )
        findings = [ended]
    else:
        findings = [_watch_state(endpoint, language)]
        if watch.rolled_back is not None:
            findings.append(rollback_finding(watch.rolled_back, endpoint.name, language))
        findings += [decay_finding(watch.decay, language)] if watch.decay is not None else []
        findings += [drift_finding(watch.drift, language)] if watch.drift is not None else []
        if seen is not None and watch.drift is None:
            findings.append(_waiting(seen["waiting_rows"], watch.window, language))
        data["waiting_rows"] = seen["waiting_rows"] if seen is not None else None
    findings.sort(key=lambda item: -item.importance)
    return SkillResult(
        summary=" ".join(f.text for f in findings[:2]),
        outputs=[Output(name="watch_report", type="watch_report", title=title, data=data)],
        findings=findings,
        tables=_shifts(watch.drift, language) if watch is not None and watch.drift is not None else [],
    )


def endpoint_data(served: Served) -> dict[str, Any]:
    """An endpoint as data."""
    endpoint = served.endpoint
    return {
        "name": endpoint.name,
        "version": endpoint.version,
        "url": endpoint.url,
        "port": endpoint.port,
        "health": served.health,
        "problem": served.note,
        "restarts": served.restarts,
    }


def curl_line(endpoint: Endpoint, example: dict[str, Any]) -> str:
    """A line for a shell that scores the example."""
    body = shlex.quote(json.dumps({"rows": example["rows"]}, ensure_ascii=False))
    return f"curl -s {endpoint.url}score -H 'Content-Type: application/json' -d {body}"


def _trial_state(endpoint: Endpoint, trial: Trial, language: Language) -> Finding:
    facts: dict[str, Any] = {"name": endpoint.name, "challenger": trial.version, "alpha": trial.alpha}
    if endpoint.trial is None and endpoint.version == trial.version:
        en = "'{name}' now answers with version {challenger}: it won its trial and is the champion."
        ko = "'{name}'(은/는) 이제 버전 {challenger}(으로/로) 응답합니다. 비교에서 이겨 챔피언이 되었습니다."
        return finding(language, en=en, ko=ko, importance=0.9, kind="trial", **facts)
    if endpoint.trial is None:
        en = "The trial of version {challenger} of '{name}' has ended; version {version} answers all callers."
        ko = "'{name}' 버전 {challenger}의 시험을 끝냈습니다. 모든 요청에 버전 {version}(이/가) 응답합니다."
        return finding(
            language, en=en, ko=ko, importance=0.85, kind="trial", version=endpoint.version, **facts
        )
    facts |= {"url": f"{endpoint.url}labels", "share": trial.share}
    if trial.mode == "shadow":
        en = "Version {challenger} of '{name}' scores in the shadow whatever the champion answers; callers never see it."
        ko = "'{name}' 버전 {challenger}(이/가) 챔피언이 답하는 요청을 그림자로 함께 예측합니다. 호출자에게는 보이지 않습니다."
    else:
        en = "Version {challenger} of '{name}' answers {share:.0%} of the callers, always the same ones by their key."
        ko = "'{name}' 버전 {challenger}(이/가) 호출자의 {share:.0%}에 응답합니다. 키가 같으면 늘 같은 버전이 답합니다."
    en += " Send true outcomes to {url}; a wrong verdict has a probability of at most {alpha:.1%}, however often one looks."
    ko += " 실제 결과를 {url}(으로/로) 보내 주십시오. 몇 번을 보더라도 잘못 판정할 확률은 {alpha:.1%} 이하입니다."
    return finding(language, en=en, ko=ko, importance=0.85, kind="trial", **facts)


def _watch_state(endpoint: Endpoint, language: Language) -> Finding:
    watch = endpoint.watch
    assert watch is not None
    en = "'{name}' version {version} is watched: every {window:,} rows against its training data, and its errors "
    en += "whenever true outcomes are sent to {url}. Alerts go to the alert manager."
    ko = "'{name}' 버전 {version}(을/를) 감시합니다. {window:,}개 행마다 학습 데이터와 비교하고, 실제 결과가 {url}(으로/로) "
    ko += "오면 오류를 검증 성능과 비교합니다. 경보는 경보 관리자에게 보냅니다."
    if watch.rollback:
        en += " Once decay is proved, the last champion takes over by itself."
        ko += " 성능 저하가 입증되면 이전 챔피언으로 자동으로 되돌립니다."
    return finding(
        language,
        en=en,
        ko=ko,
        importance=0.85,
        kind="watch",
        name=endpoint.name,
        version=endpoint.version,
        window=watch.window,
        url=f"{endpoint.url}labels",
    )


def _waiting(rows: int, window: int, language: Language) -> Finding:
    return finding(
        language,
        en="Drift is judged once {window:,} rows were scored; {rows:,} so far.",
        ko="{window:,}개 행이 쌓이면 분포 변화를 판단합니다. 지금까지 {rows:,}개입니다.",
        kind="drift",
        rows=rows,
        window=window,
    )


def _addresses(endpoint: Endpoint, curl: str, language: Language) -> Table:
    korean = language == "ko"
    meanings = {
        "POST score": "예측" if korean else "predictions for rows",
        "POST labels": "실제 결과 등록" if korean else "true outcomes, for verdicts",
        "GET schema": "열과 예시" if korean else "columns and an example",
        "GET health": "상태와 지연 시간" if korean else "state and latencies",
    }
    return Table(
        title=say(language, en="Addresses", ko="주소"),
        columns=["방법", "주소", "내용"] if korean else ["Method", "Address", "What"],
        rows=[[key.split()[0], endpoint.url + key.split()[1], text] for key, text in meanings.items()],
        note=curl,
    )


def _listing(title: str, listed: list[Served], language: Language) -> Table:
    korean = ["모델", "버전", "주소", "상태", "요청", "행", "정답", "p50 (ms)", "p99 (ms)"]
    english = ["Model", "Version", "Address", "State", "Requests", "Rows", "Labels", "p50 (ms)", "p99 (ms)"]
    rows = []
    for served in listed:
        health = served.health or {}
        state = "ready" if health.get("ready") else served.note or health.get("problem") or "starting"
        numbers = [health.get(name) for name in ("requests", "rows", "labels", "p50_ms", "p99_ms")]
        rows.append([served.endpoint.name, served.endpoint.version, served.endpoint.url, state, *numbers])
    return Table(title=title, columns=korean if language == "ko" else english, rows=rows)


def _shifts(drift: dict[str, Any], language: Language) -> list[Table]:
    korean = ["열", "종류", "변화", "크기", "보정 p", "이전", "이후"]
    english = ["Column", "Kind", "Change", "Size", "Corrected p", "Before", "After"]
    if not drift["columns"]:
        return []
    names = ("column", "kind", "level", "size", "p_adjusted", "before", "after")
    return [
        Table(
            title=say(language, en="The last window against the training data", ko="최근 구간과 학습 데이터"),
            columns=korean if language == "ko" else english,
            rows=[[item[name] for name in names] for item in drift["columns"]],
        )
    ]
