"""The first sentences about a model: how well the target can be predicted, in plain words, and beside the baseline."""

import math
from typing import Any

import numpy as np

from mesh.language import Language, finding
from mesh.results import Finding
from mesh.scoring.scorer import decide

from .model_names import display_name
from .outcome import Across, Result
from .scores import TITLES
from .uncertainty import LEVEL

_WORDS = (
    (0.9, "very well", "매우 잘"),
    (0.8, "well", "잘"),
    (0.7, "fairly well", "어느 정도"),
    (0.0, "only weakly", "약하게만"),
)


def verdict(target: str, result: Result, language: Language) -> list[Finding]:
    """What was predicted and how well; the metric with its interval beside the baseline; whether a simple model does as well."""
    across = [] if result.across is None else [_across(result, result.across, language)]
    if not result.beats_baseline:
        return [_nothing(target, result, language), _measured(result, language), *across]
    if not result.problem.classes:
        first = _error(target, result, language)
    elif len(result.problem.classes) == 2:
        first = _cases(target, result, language)
    else:
        first = _hits(target, result, language)
    found = [first, _measured(result, language), *across]
    if result.simple is not None:
        found.append(_simple(result, result.simple, language))
    return found


def _nothing(target: str, result: Result, language: Language) -> Finding:
    return finding(
        language,
        en="No model beats the naive baseline ({baseline}) for '{target}' by more than chance: "
        "{rows:,} rows do not show that the columns given explain it.",
        ko="'{target}'에 대해 단순 기준선({baseline})보다 확실히 나은 모델이 없습니다. "
        "{rows:,}개 행으로는 주어진 열이 대상을 설명한다고 볼 수 없습니다.",
        importance=0.97,
        kind="model",
        target=target,
        baseline=display_name(result.strongest.name, language),
        rows=len(result.problem.target),
    )


def _across(result: Result, across: Across, language: Language) -> Finding:
    """The score with its interval on all rows, of which the hold-out is only a few."""
    metric = result.problem.metric
    form = _form(metric, across.baseline)
    facts: dict[str, Any] = {
        "rows": across.rows,
        "metric": TITLES[metric],
        "score": across.score,
        "baseline_score": across.baseline,
    }
    between_en = between_ko = ""
    if across.interval is not None:
        facts |= {"level": LEVEL, "lower": across.interval[0], "upper": across.interval[1]}
        between_en = f" ({{level:.0%}} interval {{lower:{form}}} to {{upper:{form}}})"
        between_ko = f"({{level:.0%}} 구간 {{lower:{form}}}~{{upper:{form}}})"
    return finding(
        language,
        en=f"Across {{rows:,}} rows, each predicted by a model that had not learned from it, {{metric}} is {{score:{form}}}"
        f"{between_en}, and the baseline's {{baseline_score:{form}}}.",
        ko=f"각 행을 학습하지 않은 모델로 예측하면 {{rows:,}}개 행에서 {{metric}} 값은 {{score:{form}}}{between_ko}, "
        f"기준선은 {{baseline_score:{form}}}입니다.",
        importance=0.72,
        kind="model",
        **facts,
    )


def _cases(target: str, result: Result, language: Language) -> Finding:
    """Two classes: how many of the positive rows are found, and how many of those named are right.

    The words for an AUC are those of Hosmer, Lemeshow & Sturdivant (2013), section 5.2.4.
    """
    actual = result.problem.test_target.astype(int) == 1
    named = decide(result.predicted, result.best.threshold) == 1
    found = int((actual & named).sum())
    auc = result.scores[result.best.name].get("auc", 0.0)
    _, english, korean = next(row for row in _WORDS if auc >= row[0])
    en = (
        "Whether '{target}' is '{label}' can be predicted {how}: of {rows:,} rows held out, {positives:,} are, and the model "
        "finds {found:,} of them ({recall:.1%}); {precision:.1%} of the {named:,} it names are right."
    )
    ko = (
        "'{target}' 값이 '{label}'인지 {how} 예측할 수 있습니다. 학습에 쓰지 않은 {rows:,}개 행 중 해당하는 {positives:,}건에서 "
        "{found:,}건({recall:.1%})을 찾아냈고, 지목한 {named:,}건 중 {precision:.1%}가 맞았습니다."
    )
    return finding(
        language,
        en=en,
        ko=ko,
        importance=0.95,
        kind="model",
        target=target,
        label=result.problem.classes[1],
        how=korean if language == "ko" else english,
        rows=len(actual),
        positives=int(actual.sum()),
        found=found,
        recall=found / max(1, int(actual.sum())),
        named=int(named.sum()),
        precision=found / max(1, int(named.sum())),
    )


def _hits(target: str, result: Result, language: Language) -> Finding:
    return finding(
        language,
        en="'{target}' is predicted right in {accuracy:.1%} of {rows:,} rows held out; {baseline} is right in "
        "{baseline_accuracy:.1%}.",
        ko="학습에 쓰지 않은 {rows:,}개 행에서 '{target}'(을/를) {accuracy:.1%} 맞혔습니다. 기준선({baseline})은 "
        "{baseline_accuracy:.1%}를 맞힙니다.",
        importance=0.95,
        kind="model",
        target=target,
        accuracy=result.scores[result.best.name]["accuracy"],
        rows=len(result.problem.test_target),
        baseline=display_name(result.strongest.name, language),
        baseline_accuracy=result.strongest.scores["accuracy"],
    )


def _error(target: str, result: Result, language: Language) -> Finding:
    scores, naive = result.scores[result.best.name], result.strongest.scores
    form = f",.{_decimals(naive['mae'])}f"
    return finding(
        language,
        en=f"'{{target}}' is predicted to within {{mae:{form}}} on average on {{rows:,}} rows held out; {{baseline}} is off "
        f"by {{baseline_mae:{form}}}; the model explains {{r2:.1%}} of the variation.",
        ko=f"학습에 쓰지 않은 {{rows:,}}개 행에서 '{{target}}'(을/를) 평균 오차 {{mae:{form}}}(으로/로) 예측합니다. "
        f"기준선({{baseline}})의 오차는 {{baseline_mae:{form}}}이며, 모델은 변동의 {{r2:.1%}}를 설명합니다.",
        importance=0.95,
        kind="model",
        target=target,
        mae=scores["mae"],
        rows=len(result.problem.test_target),
        baseline=display_name(result.strongest.name, language),
        baseline_mae=naive["mae"],
        r2=scores["r2"],
    )


def _measured(result: Result, language: Language) -> Finding:
    """The model, its metric with the interval, and the baseline's."""
    metric = result.problem.metric
    facts: dict[str, Any] = {
        "model": display_name(result.best.name, language),
        "metric": TITLES[metric],
        "score": result.scores[result.best.name].get(metric),
        "baseline": display_name(result.strongest.name, language),
        "baseline_score": result.strongest.scores.get(metric),
        "rows": len(result.problem.test_target),
    }
    if facts["score"] is None or facts["baseline_score"] is None:
        return finding(
            language,
            en="The best model is {model}; the {rows:,} rows held out lack a class, so they give no {metric}.",
            ko="가장 좋은 모델은 {model}입니다. 검증용 {rows:,}개 행에 없는 클래스가 있어 {metric}(은/는) 계산할 수 없습니다.",
            importance=0.8,
            kind="model",
            **facts,
        )
    form = _form(metric, facts["baseline_score"])
    between_en = between_ko = ""
    bounds = result.intervals[result.best.name]
    if bounds is not None:
        facts |= {"level": LEVEL, "lower": bounds[0], "upper": bounds[1]}
        between_en = f" ({{level:.0%}} interval {{lower:{form}}} to {{upper:{form}}})"
        between_ko = f"({{level:.0%}} 구간 {{lower:{form}}}~{{upper:{form}}})"
    if result.beats_baseline:
        en = f"The best model is {{model}}: {{metric}} {{score:{form}}}{between_en}; the baseline, {{baseline}}, has "
        ko = f"가장 좋은 모델은 {{model}}(으로/로), {{metric}} {{score:{form}}}{between_ko}이며 기준선({{baseline}})은 "
    else:
        en = f"The best, {{model}}, has {{metric}} {{score:{form}}}{between_en} on {{rows:,}} rows held out; {{baseline}} has "
        ko = (
            f"검증용 {{rows:,}}개 행에서 가장 나은 {{model}}의 {{metric}} 값은 {{score:{form}}}{between_ko}, "
            "기준선({baseline})은 "
        )
    en, ko = en + f"{{baseline_score:{form}}}.", ko + f"{{baseline_score:{form}}}입니다."
    return finding(language, en=en, ko=ko, importance=0.8, kind="model", **facts)


def _simple(result: Result, name: str, language: Language) -> Finding:
    metric = result.problem.metric
    form = _form(metric, result.strongest.scores[metric])
    return finding(
        language,
        en=f"A simple model does as well within chance and is easier to read: {{simple}} ({{metric}} {{simple_score:{form}}}).",
        ko=f"더 설명하기 쉬운 단순한 모델도 오차 범위에서 같습니다: {{simple}}({{metric}} {{simple_score:{form}}}).",
        importance=0.55,
        kind="model",
        simple=display_name(name, language),
        metric=TITLES[metric],
        simple_score=result.scores[name][metric],
    )


def _form(metric: str, size: float) -> str:
    return f",.{_decimals(size)}f" if metric == "rmse" else ",.3f"


def _decimals(size: float) -> int:
    """How many decimals show three significant digits of a number of this size."""
    if not np.isfinite(size) or size == 0:
        return 2
    return int(min(6, max(0, 2 - math.floor(math.log10(abs(size))))))
