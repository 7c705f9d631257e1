"""What a question asks of a model beside the usual, told: a threshold for costs, groups compared, one row."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language, finding
from mesh.results import Finding

from .explaining.importance import LEVEL
from .explanation_words import precision, rate_name, unit

NAMED = 3
_AMOUNTS = ("missed", "false_alarm", "cost", "own_cost", "low", "high")


def asked_for(report: dict[str, Any], language: Language) -> list[Finding]:
    """One sentence or a few for each thing that was asked for; none for what was not."""
    return [*_row(report, language), *_threshold(report, language), *_fairness(report, language)]


def _threshold(report: dict[str, Any], language: Language) -> list[Finding]:
    choice = report["thresholds"]
    if choice is None:
        return []
    facts = {
        key: choice[key]
        for key in ("missed", "false_alarm", "threshold", "own_threshold", "cost", "own_cost")
    }
    facts |= {"low": choice["gain_low"], "high": choice["gain_high"], "rows": choice["rows"]}
    facts |= {"label": report["output_class"], "caught": choice["at_threshold"]["caught"]}
    facts |= {"alarms": choice["at_threshold"]["false_alarms"]}
    facts |= {"positives": choice["at_threshold"]["caught"] + choice["at_threshold"]["missed"]}
    facts["level"] = LEVEL
    form = {key: "{" + f"{key}:{precision(facts[key])}" + "}" for key in _AMOUNTS}
    en = (
        f"With {form['missed']} for a missed '{{label}}' and {form['false_alarm']} for a false alarm, act from a probability of "
        "{threshold:.4g} on: it catches {caught:,} of {positives:,} with {alarms:,} false alarms on {rows:,} held-out rows. "
        f"The cost per row is {form['cost']}, against {form['own_cost']} at the model's own threshold {{own_threshold:.4g}}"
    )
    ko = (
        f"'{{label}}'(을/를) 놓치면 {form['missed']}, 잘못 알리면 {form['false_alarm']}의 비용이 든다면 확률 "
        f"{{threshold:.4g}}부터 "
        "조치하는 것이 가장 쌉니다. 검증용 {rows:,}개 행에서 {positives:,}개 가운데 {caught:,}개를 찾고 {alarms:,}개를 잘못 "
        "알립니다. "
        f"행당 비용은 {form['cost']}, 모델의 현재 임계값 {{own_threshold:.4g}}에서는 {form['own_cost']}입니다"
    )
    if choice["gain_low"] > 0:
        en += f" (saving {form['low']} to {form['high']} with {{level:.0%}} confidence)"
        ko += f"({{level:.0%}} 구간에서 {form['low']}~{form['high']} 절감)"
    else:
        en += f"; the difference is within chance ({form['low']} to {form['high']})"
        ko += f"만, 차이는 우연의 범위 안입니다({form['low']}~{form['high']})"
    return [finding(language, en=f"{en}.", ko=f"{ko}.", importance=0.95, kind="threshold", **facts)]


def _fairness(report: dict[str, Any], language: Language) -> list[Finding]:
    compared = report["fairness"]
    if compared is None:
        return []
    clear = [gap for gap in compared["gaps"] if gap["clear"]]
    if not clear:
        widest = max(compared["gaps"], key=lambda gap: gap["gap"])
        return [
            finding(
                language,
                en="No clear difference between the groups of '{group}': the widest gap is {gap:.1%} in the share {rate} "
                "({level:.0%} interval {low:.1%} to {high:.1%}), within chance.",
                ko="'{group}' 집단 사이에 뚜렷한 차이가 없습니다. 가장 큰 차이는 {rate}의 {gap:.1%}"
                "({level:.0%} 구간 {low:.1%}~{high:.1%})로 우연의 범위 안입니다.",
                importance=0.95,
                kind="fairness",
                group=compared["group"],
                rate=rate_name(widest["rate"], language),
                level=LEVEL,
                **{key: widest[key] for key in ("gap", "low", "high")},
            )
        ]
    found = [_gap(compared["group"], gap, 0.95 - 0.01 * rank, language) for rank, gap in enumerate(clear)]
    if compared["ratio"] < compared["rule"]:
        found.append(
            finding(
                language,
                en="The lowest share predicted positive is {ratio:.0%} of the highest, below the {rule:.0%} of the "
                "four-fifths rule.",
                ko="양성 예측 비율은 가장 낮은 집단이 가장 높은 집단의 {ratio:.0%}로, 4/5 규칙의 {rule:.0%}에 못 미칩니다.",
                importance=0.91,
                kind="fairness",
                ratio=compared["ratio"],
                rule=compared["rule"],
            )
        )
    return found


def _gap(group: str, gap: dict[str, Any], importance: float, language: Language) -> Finding:
    return finding(
        language,
        en="Groups of '{group}' are treated differently: the share {rate} is {high_rate:.1%} for '{high_group}' and "
        "{low_rate:.1%} "
        "for '{low_group}', a gap of {gap:.1%} ({level:.0%} interval {low:.1%} to {high:.1%}).",
        ko="'{group}' 집단마다 결과가 다릅니다. {rate}: '{high_group}' {high_rate:.1%}, '{low_group}' {low_rate:.1%}. 차이는 "
        "{gap:.1%}입니다({level:.0%} 구간 {low:.1%}~{high:.1%}).",
        importance=importance,
        kind="fairness",
        group=group,
        rate=rate_name(gap["rate"], language),
        level=LEVEL,
        **{
            key: gap[key]
            for key in ("high_group", "low_group", "high_rate", "low_rate", "gap", "low", "high")
        },
    )


def _row(report: dict[str, Any], language: Language) -> list[Finding]:
    row = report["row"]
    if row is None:
        return []
    share = row["output_class"] is not None
    number, signed = (":.1%", ":+.1%") if share else (":,.2f", ":+,.2f")
    top = [part for part in row["parts"][:NAMED] if part["effect"] != 0]
    facts: dict[str, Any] = {"row": row["row"], "predicted": row["predicted"], "base": row["base"]}
    facts |= {"what": unit(report | {"output_class": row["output_class"]}, language)}
    facts |= {f"feature{i}": part["feature"] for i, part in enumerate(top)}
    facts |= {f"value{i}": part["value"] for i, part in enumerate(top)}
    facts |= {f"effect{i}": part["effect"] for i, part in enumerate(top)}
    listed = ", ".join(f"'{{feature{i}}}' = {{value{i}}} ({{effect{i}{signed}}})" for i in range(len(top)))
    name_en, name_ko = _called(row)
    return [
        finding(
            language,
            en=f"{name_en}: the {{what}} is {{predicted{number}}}, against {{base{number}}} on average. What moves it most: "
            + listed
            + ".",
            ko=f"{name_ko}: {{what}}(은/는) {{predicted{number}}}, 평균은 {{base{number}}}입니다. 가장 크게 작용한 변수: "
            + listed
            + ".",
            importance=1.0,
            kind="row",
            called=row["called"],
            **facts,
        )
    ]


def _called(row: dict[str, Any]) -> Sequence[str]:
    if row["called"]:
        return "'{called}' (row {row:,})", "'{called}'({row:,}번째 행)"
    if row["of"] == "given":
        return "Row {row:,}", "{row:,}번째 행"
    return "Held-out row {row:,}", "검증용 {row:,}번째 행"
