"""Verdicts on served models, as sentences whose numbers are their evidence."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding

from .endpoint import Trial

_SHOWN = 3
_MEASURES = {
    "error_rate": ("error rate", "오류율", ".1%"),
    "absolute_error": ("mean absolute error", "평균 절대 오차", ",.4g"),
}


def decay_finding(decay: dict[str, Any], language: Language) -> Finding:
    """Whether the model does worse than in validation."""
    verdict, n = decay["verdict"], decay["n"]
    english, korean, form = _MEASURES[decay["measure"]]
    if verdict == "no_baseline":
        return finding(
            language,
            en="Decay cannot be judged: the model's description holds no validation score to compare with ({labels:,} labels).",
            ko="모델 설명에 비교할 검증 성능이 없어 성능 저하를 판단할 수 없습니다(정답 {labels:,}개).",
            kind="decay",
            labels=n,
        )
    if verdict == "too_few":
        return finding(
            language,
            en="Nothing can be said of decay yet: {labels:,} true outcomes have arrived.",
            ko="실제 결과가 {labels:,}개뿐이어서 성능 저하를 아직 판단할 수 없습니다.",
            kind="decay",
            labels=n,
        )
    live = decay["live"]
    facts = {
        "labels": n,
        "live": live["estimate"],
        "low": live["low"],
        "high": live["high"],
        "validation": decay["validation"],
        "rows": decay["validation_rows"],
        "limit": decay["limit"],
    }
    numbers = f"{{live:{form}}} ({{low:{form}}} - {{high:{form}}})"
    if verdict == "decayed":
        en = f"The model has decayed: over {{labels:,}} true outcomes its {english} is {numbers}, above the highest that "
        en += f"validation allows, {{limit:{form}}} ({{validation:{form}}} on {{rows:,}} rows)."
        ko = f"모델 성능이 저하되었습니다. 실제 결과 {{labels:,}}개에서 {korean}이 {numbers}로, 검증에서 가능한 최댓값 "
        ko += f"{{limit:{form}}}(검증 {{rows:,}}행에서 {{validation:{form}}})보다 높습니다."
        return finding(language, en=en, ko=ko, importance=0.97, kind="decay", **facts)
    en = f"No decay is proved: over {{labels:,}} true outcomes the {english} is {numbers}; it was {{validation:{form}}} in "
    en += f"validation, and decay is said once the whole interval is above {{limit:{form}}}."
    ko = f"성능 저하가 입증되지 않았습니다. 실제 결과 {{labels:,}}개에서 {korean}이 {numbers}이고 검증에서는 "
    ko += f"{{validation:{form}}}였습니다. 구간 전체가 {{limit:{form}}}보다 높아지면 저하로 판단합니다."
    return finding(language, en=en, ko=ko, importance=0.7, kind="decay", **facts)


def drift_finding(drift: dict[str, Any], language: Language) -> Finding:
    """Which inputs, or the predictions, have moved in the last window."""
    moved = [item for item in drift["columns"] if item["level"] != "none"]
    facts: dict[str, Any] = {"rows": drift["rows"], "moved": len(moved), "compared": len(drift["columns"])}
    if not drift["columns"]:
        return finding(
            language,
            en="The last {rows:,} rows could not be compared: the training data are gone and the model keeps no hold-out.",
            ko="학습 데이터도 검증 예측도 남아 있지 않아 최근 {rows:,}개 행을 비교할 수 없습니다.",
            kind="drift",
            rows=drift["rows"],
        )
    if not moved:
        return finding(
            language,
            en="The last {rows:,} rows look like the training data: none of {compared:,} comparisons found a shift.",
            ko="최근 {rows:,}개 행은 학습 데이터와 같은 분포입니다. 비교 {compared:,}건에서 변화가 없습니다.",
            importance=0.6,
            kind="drift",
            **facts,
        )
    clauses = [_shift(item, number, facts, language) for number, item in enumerate(moved[:_SHOWN])]
    return finding(
        language,
        en="The last {rows:,} rows have drifted in {moved:,} of {compared:,} comparisons: "
        + "; ".join(clauses)
        + ".",
        ko="최근 {rows:,}개 행에서 비교 {compared:,}건 중 {moved:,}건이 달라졌습니다: "
        + "; ".join(clauses)
        + ".",
        importance=0.9,
        kind="drift",
        **facts,
    )


def trial_finding(verdict: dict[str, Any], champion: int, trial: Trial, language: Language) -> Finding:
    """Which of two versions does better, or that it is not known yet."""
    english, korean, form = _MEASURES[verdict["measure"]]
    facts: dict[str, Any] = {
        "champion": champion,
        "challenger": trial.version,
        "labels_a": verdict["champion_labels"],
        "labels_b": verdict["challenger_labels"],
        "loss_a": verdict["champion_loss"],
        "loss_b": verdict["challenger_loss"],
    }
    if verdict["verdict"] == "too_few":
        return finding(
            language,
            en="There is no verdict yet between version {champion} ({labels_a:,} true outcomes) and version {challenger} "
            "({labels_b:,}): each needs at least {least:,}.",
            ko="버전 {champion}(실제 결과 {labels_a:,}개)과 버전 {challenger}({labels_b:,}개)은 아직 판정할 수 없습니다. "
            "각각 {least:,}개 이상이 필요합니다.",
            importance=0.8,
            kind="trial",
            champion=champion,
            challenger=trial.version,
            labels_a=verdict["champion_labels"],
            labels_b=verdict["challenger_labels"],
            least=trial.least,
        )
    facts |= verdict["difference"]
    losses = f"{{loss_a:{form}}} / {{loss_b:{form}}}"
    interval = f"{{estimate:{form}}} ({{low:{form}}} - {{high:{form}}})"
    en_tail = (
        f" ({english} {losses} over {{labels_a:,}} / {{labels_b:,}} true outcomes; difference {interval})."
    )
    ko_tail = f"({korean} {losses}, 실제 결과 {{labels_a:,}} / {{labels_b:,}}개, 차이 {interval})."
    heads = {
        "challenger": (
            "Version {challenger} is better than the champion, version {champion}",
            "버전 {challenger}(이/가) 챔피언인 버전 {champion}보다 낫습니다",
        ),
        "champion": (
            "The champion, version {champion}, is better than version {challenger}",
            "챔피언인 버전 {champion}(이/가) 버전 {challenger}보다 낫습니다",
        ),
        "undecided": (
            "It is undecided whether version {champion} or version {challenger} is better",
            "버전 {champion}(과/와) 버전 {challenger} 중 어느 쪽이 나은지 아직 정해지지 않았습니다",
        ),
    }
    en, ko = heads[verdict["verdict"]]
    return finding(language, en=en + en_tail, ko=ko + ko_tail, importance=0.95, kind="trial", **facts)


def agreement_finding(verdict: dict[str, Any], language: Language) -> Finding | None:
    """How far the answers of two versions to the same rows are apart; None before there are any, or when rows were split."""
    rate, distance = verdict.get("disagreement_rate"), verdict.get("mean_distance")
    if rate is not None:
        return finding(
            language,
            en="The two versions disagree on {rate:.1%} of {rows:,} rows that both scored.",
            ko="두 버전이 함께 예측한 {rows:,}개 행 중 {rate:.1%}에서 답이 다릅니다.",
            kind="agreement",
            rate=rate,
            rows=verdict["compared_rows"],
        )
    if distance is not None:
        return finding(
            language,
            en="The predictions of the two versions are {distance:,.4g} apart on average, over {rows:,} rows that both scored.",
            ko="두 버전이 함께 예측한 {rows:,}개 행에서 예측값의 평균 차이는 {distance:,.4g}입니다.",
            kind="agreement",
            distance=distance,
            rows=verdict["compared_rows"],
        )
    return None


def rollback_finding(done: dict[str, Any], name: str, language: Language) -> Finding:
    """That a decayed version was taken back, or why it could not be."""
    if done["to"] is None:
        return finding(
            language,
            en="'{name}' version {old} has decayed and stays: {problem}",
            ko="'{name}' 버전 {old}(은/는) 성능이 저하되었지만 그대로 두었습니다. {problem}",
            importance=0.97,
            kind="rollback",
            name=name,
            old=done["from"],
            problem=done["problem"],
        )
    return finding(
        language,
        en="'{name}' was rolled back from version {old} to version {new}. {reason}",
        ko="'{name}'(을/를) 버전 {old}에서 버전 {new}(으로/로) 되돌렸습니다. {reason}",
        importance=0.98,
        kind="rollback",
        name=name,
        old=done["from"],
        new=done["to"],
        **{"reason": done["reason"], **done["evidence"]},
    )


def _shift(item: dict[str, Any], number: int, facts: dict[str, Any], language: Language) -> str:
    """One clause, whose numbers go to `facts`."""
    form = ",.4g" if item["kind"] == "number" else ".1%"
    facts |= {
        f"column{number}": item["column"],
        f"before{number}": item["before"],
        f"after{number}": item["after"],
    }
    facts |= {f"size{number}": item["size"], f"value{number}": item["value"]}
    moved = f"{{before{number}:{form}}} → {{after{number}:{form}}}"
    if item["kind"] == "number":
        return (
            f"{{column{number}}} ("
            + say(language, en="median", ko="중앙값")
            + f" {moved}, PSI {{size{number}:.2f}})"
        )
    if item["kind"] == "missing":
        return f"{{column{number}}} (" + say(language, en="missing", ko="결측") + f" {moved})"
    return f"{{column{number}}} ('{{value{number}}}' {moved})"
