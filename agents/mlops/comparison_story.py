"""Comparisons in the language of the question: which to take and why, on which rows, and what else sets the two apart."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .comparison import Candidate, Comparison
from .comparison_report import candidate_data, feature_changes, settings_that_differ
from .gate_story import gate_template
from .metric_names import metric_name
from .promotion import Decision
from .resampling import LEVEL, Interval

MAX_SEGMENTS = 12
_BASES = {
    "given": (
        "Both scored the same {rows:,} rows of the dataset that was given, which neither was trained on.",
        "두 모델 모두 학습하지 않은 데이터의 같은 {rows:,}개 행으로 평가했습니다.",
    ),
    "shared": (
        "Both are compared on the same {rows:,} hold-out rows, which neither was trained on.",
        "두 모델 모두 학습에 쓰지 않은 같은 검증 행 {rows:,}개로 비교했습니다.",
    ),
    "separate": (
        (
            "They were measured on different rows, at least {rows:,} each: the intervals stand side by side, and part of the "
            "difference may be the rows'."
        ),
        "서로 다른 행(각 {rows:,}개 이상)에서 측정했습니다. 구간을 나란히 보여 드리지만 차이의 일부는 행의 차이일 수 있습니다.",
    ),
    "scores": (
        "Only the scores that were reported at training could be compared; what was predicted for single rows was not kept.",
        "행별 예측이 보존되지 않아 학습 때 보고된 점수만 비교했습니다.",
    ),
}
_SETTINGS = {
    "algorithm": ("Algorithm", "알고리즘"),
    "engine": ("Engine", "엔진"),
    "split": ("Hold-out", "검증 분할"),
    "rows_train": ("Training rows", "학습 행"),
    "rows_test": ("Hold-out rows", "검증 행"),
    "seed": ("Seed", "시드"),
    "threshold": ("Threshold", "임계값"),
}


def called(candidate: Candidate, language: Language) -> str:
    """What one of the two is called."""
    if candidate.version is None:
        return say(language, en="the new model", ko="새 모델")
    return say(language, en="version {version}", ko="버전 {version}", version=int(candidate.version))


def comparison_findings(language: Language, comparison: Comparison, decision: Decision) -> list[Finding]:
    """Which to take and why, then on which rows, then the groups, inputs and training data in which they differ."""
    found = [*_verdict(language, comparison, decision), _basis(language, comparison)]
    changed = feature_changes(comparison)
    if changed["added"] or changed["removed"]:
        found.append(_features(language, changed))
    first, second = comparison.first, comparison.second
    if first.dataset_id and second.dataset_id and not comparison.same_data:
        found.append(
            finding(
                language,
                en="They were trained on different data: {first} and {second}.",
                ko="학습 데이터가 서로 다릅니다: {first}, {second}.",
                importance=0.5,
                kind="lineage",
                first=first.dataset_name or first.dataset_id,
                second=second.dataset_name or second.dataset_id,
            )
        )
    return found


def _verdict(language: Language, comparison: Comparison, decision: Decision) -> list[Finding]:
    """The choice and its reason: the first gate that bars, or else the gain."""
    gates = {gate.name: gate for gate in decision.gates}
    deciding = decision.failed or tuple(gates[name] for name in ("better",) if name in gates)
    taken = comparison.second if decision.passed else comparison.first
    english, korean = gate_template(deciding[0])
    facts = {**deciding[0].facts, "take": called(taken, language)}
    if decision.passed:
        en, ko = "Take {take}. " + english, "{take}(을/를) 쓰시는 것이 좋습니다. " + korean
    else:
        en, ko = "Keep {take}. " + english, "{take}(을/를) 유지하시는 것이 좋습니다. " + korean
    found = [finding(language, en=en, ko=ko, importance=0.95, kind="model_comparison", **facts)]
    for gate in decision.failed[1:]:
        english, korean = gate_template(gate)
        found.append(finding(language, en=english, ko=korean, importance=0.8, kind="gate", **gate.facts))
    return found


def _basis(language: Language, comparison: Comparison) -> Finding:
    en, ko = _BASES[comparison.basis]
    facts: dict[str, Any] = {} if comparison.basis == "scores" else {"rows": comparison.rows}
    return finding(language, en=en, ko=ko, importance=0.7, kind="basis", **facts)


def _features(language: Language, changed: dict[str, list[str]]) -> Finding:
    return finding(
        language,
        en="Input columns: {added} new ({new}), {removed} no longer used ({gone}).",
        ko="입력 열: 새로 쓰는 열 {added}개({new}), 쓰지 않게 된 열 {removed}개({gone}).",
        importance=0.5,
        kind="features",
        added=len(changed["added"]),
        new=", ".join(changed["added"]) or "–",
        removed=len(changed["removed"]),
        gone=", ".join(changed["removed"]) or "–",
    )


def comparison_kpis(language: Language, comparison: Comparison) -> list[Kpi]:
    """The two values of the deciding metric and the gain."""
    before, after = comparison.values
    gain = comparison.gain
    if before is None or after is None or gain is None:
        return []
    metric = metric_name(comparison.metric)
    shown = [
        (f"{metric}, {called(candidate, language)}", value)
        for candidate, value in ((comparison.first, before), (comparison.second, after))
    ]
    shown.append((say(language, en="Gain", ko="향상 폭"), gain))
    return [Kpi(label=label, value=value, text=f"{value:,.4g}") for label, value in shown]


def metric_table(language: Language, comparison: Comparison) -> Table:
    """One row a metric: both values, each with its interval, and the gain with its own."""
    first, second = (called(c, language) for c in (comparison.first, comparison.second))
    heads = ["지표", first, second, "향상 폭"] if language == "ko" else ["Metric", first, second, "Gain"]
    rows: list[list[Any]] = [
        [metric_name(item.metric), _shown(item.first), _shown(item.second), _shown(item.gain)]
        for item in comparison.differences
    ]
    if not rows:
        before, after = comparison.values
        rows = [[metric_name(comparison.metric), before, after, comparison.gain]]
    return Table(
        title=say(language, en="Metrics", ko="지표 비교"),
        columns=heads,
        rows=rows,
        note=""
        if not comparison.differences
        else say(
            language,
            en="In brackets: {level:.0%} bootstrap intervals. A positive gain is in favour of {second}.",
            ko="괄호 안은 {level:.0%} 부트스트랩 구간입니다. 향상 폭이 양수이면 {second}(이/가) 낫습니다.",
            second=second,
            level=LEVEL,
        ),
    )


def segment_table(language: Language, comparison: Comparison) -> Table:
    """The groups of rows, the worst for the second first."""
    first, second = (called(c, language) for c in (comparison.first, comparison.second))
    english = ["Column", "Group", "Rows", f"Mean error, {first}", f"Mean error, {second}", "p (corrected)"]
    korean = ["열", "집단", "행", f"평균 오차({first})", f"평균 오차({second})", "p (보정)"]
    return Table(
        title=say(language, en="Groups of rows", ko="집단별 비교"),
        columns=korean if language == "ko" else english,
        rows=[
            [s.feature, s.level, s.rows, s.before, s.after, s.p_adjusted]
            for s in comparison.segments[:MAX_SEGMENTS]
        ],
        note=say(
            language,
            en="Error: absolute error of a number, or the share of wrong classes. p is that of {second} being worse, with "
            "Holm's correction for {tested:,} groups.",
            ko="오차는 수치의 절대 오차 또는 범주를 틀린 비율입니다. p는 {second}(이/가) 더 나쁜지를 검정한 값이며 "
            "집단 {tested:,}개에 대해 Holm 방법으로 보정했습니다.",
            second=second,
            tested=len(comparison.segments),
        ),
    )


def setting_table(language: Language, comparison: Comparison) -> Table:
    """What differs in the training, and what each was trained on."""
    first, second = (called(c, language) for c in (comparison.first, comparison.second))
    place = language == "ko"
    rows: list[list[Any]] = [
        [_SETTINGS[item["name"]][place], _cell(item["first"]), _cell(item["second"])]
        for item in settings_that_differ(comparison)
    ]
    data = [candidate_data(c) for c in (comparison.first, comparison.second)]
    names = [item["dataset_name"] or item["dataset_id"] or "–" for item in data]
    rows.append([say(language, en="Training data", ko="학습 데이터"), *names])
    changed = feature_changes(comparison)
    for key, english, korean in (
        ("added", "Columns only in the second", "두 번째에만 있는 열"),
        ("removed", "Columns only in the first", "첫 번째에만 있는 열"),
        ("retyped", "Columns of another type", "형식이 다른 열"),
    ):
        if changed[key]:
            listed = ", ".join(changed[key])
            cells = {"added": ["–", listed], "removed": [listed, "–"]}.get(key, [listed, listed])
            rows.append([say(language, en=english, ko=korean), *cells])
    return Table(
        title=say(language, en="What differs in the training", ko="학습의 차이"),
        columns=["설정" if place else "Setting", first, second],
        rows=rows,
    )


def _shown(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return f"{interval.value:,.4g}"
    return f"{interval.value:,.4g} [{interval.low:,.4g}, {interval.high:,.4g}]"


def _cell(value: Any) -> str:
    """A setting as it is printed in a column of unlike things."""
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
