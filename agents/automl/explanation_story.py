"""An explanation told in the language of the question: each sentence with its numbers as evidence, the most telling first."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi

from .explaining.importance import LEVEL
from .explanation_answers import asked_for
from .explanation_words import VERDICTS, condition, unit

_SMALL_P = 0.001
"""A p-value below it is told as a bound."""

NAMED = 3


def explanation_findings(report: dict[str, Any], language: Language) -> list[Finding]:
    """What the model goes by and how, its weak segments, its probabilities; and what the question asked for beside it."""
    found = [
        *asked_for(report, language),
        *_importance(report, language),
        *_direction(report, language),
        *_segments(report, language),
        *_calibration(report, language),
    ]
    return sorted(found, key=lambda item: -item.importance)


def explanation_kpis(report: dict[str, Any], language: Language) -> list[Kpi]:
    """Rows explained on, the score there, the Brier score."""
    rows = say(language, en="Held-out rows", ko="검증용 행")
    found = [Kpi(label=rows, value=report["rows"], text=f"{report['rows']:,}")]
    if report["score"] is not None:
        found.append(
            Kpi(
                label=report["metric"].upper(),
                value=report["score"],
                text=f"{report['score']:,.3f}",
                note=rows,
            )
        )
    if report["calibration"] is not None:
        brier = report["calibration"]["brier"]
        found.append(
            Kpi(label=say(language, en="Brier score", ko="브라이어 점수"), value=brier, text=f"{brier:.3f}")
        )
    return found


def explanation_warnings(report: dict[str, Any], language: Language) -> list[str]:
    """What was asked for and could not be done, and what to mind."""
    notes = []
    if report["rows"] < 100:
        notes.append(
            say(
                language,
                en="The model was held out on few rows ({rows:,}), so only large effects show.",
                ko="검증용 행이 적어({rows:,}개) 큰 차이만 드러납니다.",
                rows=report["rows"],
            )
        )
    if report["costs_asked"] and report["thresholds"] is None:
        notes.append(
            say(
                language,
                en="A threshold is chosen by costs only for a model of two classes.",
                ko="비용에 따른 임계값 선택은 두 클래스를 구분하는 모델에서만 할 수 있습니다.",
            )
        )
    if report["fairness_asked"] and report["fairness"] is None:
        notes.append(
            say(
                language,
                en="Groups could not be compared: that takes a model of two classes, and a column among those it uses ({names}) "
                "with at least two groups of 30 held-out rows. Name one with the parameter group.",
                ko="집단을 비교하지 못했습니다. 두 클래스를 구분하는 모델이어야 하고, 모델이 쓰는 열({names}) 가운데 검증용 "
                "행이 30개 이상인 "
                "집단이 둘 이상 있어야 합니다. group 매개변수로 열을 지정해 주십시오.",
                names=", ".join(row["feature"] for row in report["importance"]["features"][:10]),
            )
        )
    return notes


def _importance(report: dict[str, Any], language: Language) -> list[Finding]:
    importance = report["importance"]
    clear = [row for row in importance["features"] if row["clear"]]
    loss = ("log loss", "로그 손실") if report["classes"] else ("mean error", "평균 오차")
    facts: dict[str, Any] = {
        "loss": loss[language == "ko"],
        "before": importance["loss"],
        "rows": importance["rows"],
        "level": LEVEL,
    }
    if not clear:
        return [
            finding(
                language,
                en="No column clearly matters: shuffling any one of them does not change the {loss} ({before:,.3f} on {rows:,} "
                "held-out rows) by more than chance.",
                ko="뚜렷이 중요한 변수가 없습니다. 어느 변수를 뒤섞어도 {loss}(검증용 {rows:,}개 행에서 {before:,.3f})이 "
                "우연 이상으로 "
                "달라지지 않습니다.",
                importance=0.9,
                kind="importance",
                **facts,
            )
        ]
    top = clear[0]
    facts |= {"first": top["feature"], "increase": top["increase"], "low": top["low"], "high": top["high"]}
    facts |= {"share": top["share"]}
    facts |= {f"feature{i}": row["feature"] for i, row in enumerate(clear[1:NAMED], 1)}
    facts |= {f"share{i}": row["share"] for i, row in enumerate(clear[1:NAMED], 1)}
    others = ", ".join(f"'{{feature{i}}}' ({{share{i}:.0%}})" for i in range(1, len(clear[:NAMED])))
    en = (
        "The model goes by '{first}' most ({share:.0%} of all importance): shuffled, the {loss} grows by {increase:,.3f} from "
        "{before:,.3f} ({level:.0%} interval {low:,.3f} to {high:,.3f}, {rows:,} held-out rows)"
    )
    ko = (
        "모델이 가장 크게 의존하는 변수는 '{first}'입니다(전체 중요도의 {share:.0%}). 이 변수를 뒤섞으면 {loss}(이/가) "
        "{before:,.3f}에서 "
        "{increase:,.3f}만큼 커집니다({level:.0%} 구간 {low:,.3f}~{high:,.3f}, 검증용 {rows:,}개 행)"
    )
    if others:
        en += f"; then come {others}"
        ko += f". 다음은 {others}입니다"
    return [finding(language, en=f"{en}.", ko=f"{ko}.", importance=0.9, kind="importance", **facts)]


def _direction(report: dict[str, Any], language: Language) -> list[Finding]:
    """How the prediction changes along the two most important columns."""
    found = []
    shares = "{start:.1%}", "{end:.1%}"
    values = "{start:,.2f}", "{end:,.2f}"
    start, end = shares if report["output_class"] is not None else values
    for rank, curve in enumerate(report["dependence"][:2]):
        lowest = min(range(len(curve["mean"])), key=lambda i: curve["mean"][i])
        highest = max(range(len(curve["mean"])), key=lambda i: curve["mean"][i])
        if lowest == highest or not curve["numeric"]:
            first, last = lowest, highest
        else:
            first, last = min(lowest, highest), max(lowest, highest)
        facts = {
            "feature": curve["feature"],
            "what": unit(report, language),
            "start": curve["mean"][first],
            "end": curve["mean"][last],
            "from_value": curve["values"][first],
            "to_value": curve["values"][last],
        }
        form = ":,.4g" if curve["numeric"] else ""
        quoted = "{from_value" + form + "}", "{to_value" + form + "}"
        if not curve["numeric"]:
            quoted = f"'{quoted[0]}'", f"'{quoted[1]}'"
        found.append(
            finding(
                language,
                en=f"Along '{{feature}}', all else as it is, the mean {{what}} goes from {start} at {quoted[0]} to {end} at "
                f"{quoted[1]}.",
                ko=f"다른 조건이 그대로라면 '{{feature}}'(이/가) {quoted[0]}일 때 {{what}} 평균은 {start}, {quoted[1]}일 "
                f"때는 {end}입니다.",
                importance=0.7 - 0.05 * rank,
                kind="dependence",
                **facts,
            )
        )
    return found


def _segments(report: dict[str, Any], language: Language) -> list[Finding]:
    segments = report["segments"]
    if segments["tried"] == 0:
        return []
    if not segments["segments"]:
        return [
            finding(
                language,
                en="No weak segment: none of the {tried:,} kinds of rows tried has clearly more errors than the rest.",
                ko="약한 구간이 없습니다. 살펴본 {tried:,}개 구간 가운데 나머지보다 오류가 뚜렷이 많은 곳이 없습니다.",
                importance=0.5,
                kind="segment",
                tried=segments["tried"],
            )
        ]
    found = []
    for rank, segment in enumerate(segments["segments"][:2]):
        facts: dict[str, Any] = {
            "where": condition(segment["where"], language),
            "rows": segment["rows"],
            "error": segment["error"],
            "rest": segment["rest"],
            "p": segment["p_adjusted"],
            "bound": max(segment["p_adjusted"], _SMALL_P),
            "tried": segments["tried"],
            "bounds": [
                part.get(key) for part in segment["where"] for key in ("low", "high", "value") if key in part
            ],
        }
        if report["classes"]:
            en = "wrong in {error:.1%} of {rows:,} rows, against {rest:.1%} elsewhere"
            ko = "{rows:,}개 행의 {error:.1%}에서 틀려 나머지({rest:.1%})보다 오류가 많습니다"
        else:
            en = "off by {error:,.2f} on average in {rows:,} rows, against {rest:,.2f} elsewhere"
            ko = "{rows:,}개 행의 평균 오차가 {error:,.2f}(으로/로) 나머지({rest:,.2f})보다 큽니다"
        sign = _sign(segment["p_adjusted"])
        tail_en = f" (p {sign} {{bound:.2g}} after correction for {{tried:,}} segments tried)"
        tail_ko = f"(살펴본 {{tried:,}}개 구간을 보정한 p {sign} {{bound:.2g}})"
        found.append(
            finding(
                language,
                en=f"Weak where {{where}}: {en}{tail_en}.",
                ko=f"모델이 약한 구간: {{where}}. {ko}{tail_ko}.",
                importance=0.8 - 0.1 * rank,
                kind="segment",
                **facts,
            )
        )
    return found


def _calibration(report: dict[str, Any], language: Language) -> list[Finding]:
    held = report["calibration"]
    if held is None:
        return []
    sure, sign = held["verdict"] == "calibrated", _sign(held["p"])
    return [
        finding(
            language,
            en="Its probabilities: {verdict}. Over groups of like size ({groups}) they lie {ece:.1%} from what happened on "
            f"average (Spiegelhalter's p {sign} {{bound:.2g}}; Brier score {{brier:.3f}}).",
            ko="예측 확률은 {verdict}. 확률 순으로 나눈 {groups}개 묶음에서 실제 비율과의 차이는 평균 {ece:.1%}입니다"
            f"(Spiegelhalter p {sign} {{bound:.2g}}, 브라이어 점수 {{brier:.3f}}).",
            importance=0.55 if sure else 0.75,
            kind="calibration",
            verdict=VERDICTS[held["verdict"]][language == "ko"],
            groups=len(held["curve"]),
            ece=held["ece"],
            p=held["p"],
            bound=max(held["p"], _SMALL_P),
            brier=held["brier"],
        )
    ]


def _sign(p: float) -> str:
    """Between `p` and the value told: a small one is told as below its bound."""
    return "=" if p >= _SMALL_P else "<"
