"""A trained regression or classification, told in the language of the question and as structured results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn import metrics

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .h2o_notes import absence_note
from .order import Order, SavedFile, SavedTable, Trained
from .scores import LOWER_IS_BETTER, calibration_points, decide, roc_points

if TYPE_CHECKING:
    from .supervised import Result

PAIRS = 500
RARE_SHARE = 0.3
_TITLES = {
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R²",
    "auc": "AUC",
    "logloss": "log loss",
    "f1": "F1",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
}


def tell(order: Order, result: Result, files: list[SavedFile], predictions: SavedTable) -> Trained:
    """Everything there is to say; each number in the prose is in the structured part."""
    findings = _findings(order, result)
    return Trained(
        summary=" ".join(f.text for f in findings[:2]),
        model=_model(order, result),
        files=files,
        predictions=predictions,
        findings=findings,
        kpis=_kpis(order.language, result),
        tables=[_table(order.language, result)],
        warnings=_warnings(order, result),
    )


def leaderboard(result: Result) -> list[dict[str, Any]]:
    """Models in the order of their validation score, then the baselines; all scored on the same hold-out.

    Rank follows the hold-out's metric over models and baselines alike; `selected` marks the one chosen by validation.
    """
    metric = result.problem.metric
    rows: list[dict[str, Any]] = [
        {
            "model": e.name,
            "validation": e.validation,
            **result.scores[e.name],
            "baseline": False,
            "selected": e is result.best,
        }
        for e in result.training.entries
        if e.name in result.scores
    ]
    rows += [
        {"model": b.name, "validation": None, **b.scores, "baseline": True, "selected": False}
        for b in result.baselines
    ]
    sign = 1 if metric in LOWER_IS_BETTER else -1
    rows.sort(key=lambda row: (sign * row.get(metric, 0.5), row["baseline"], row["model"]))
    return [{"rank": rank, **row} for rank, row in enumerate(rows, 1)]


def best_baseline(result: Result) -> tuple[str, dict[str, float]]:
    """The strongest naive prediction by the metric (for AUC, where all are equal, by log loss and F1)."""
    metric = result.problem.metric
    sign = 1 if metric in LOWER_IS_BETTER else -1
    best = min(
        result.baselines,
        key=lambda b: (sign * b.scores.get(metric, 0.5), b.name != "majority_class", b.scores.get("mae", 0)),
    )
    return best.name, best.scores


def _findings(order: Order, result: Result) -> list[Finding]:
    found = [_quality(order, result), _against_baseline(order.language, result)]
    top = [row for row in result.importance if row["importance"] > 0][:3]
    if top:
        names = {f"feature{i}": row["feature"] for i, row in enumerate(top, 1)}
        shares = {f"share{i}": row["importance"] for i, row in enumerate(top, 1)}
        listed = ", ".join(f"'{{feature{i}}}' ({{share{i}:.1%}})" for i in range(1, len(top) + 1))
        found.append(
            finding(
                order.language,
                en="What matters most for the prediction: " + listed + ".",
                ko="예측에 가장 크게 기여하는 변수는 " + listed + "입니다.",
                importance=0.75,
                kind="driver",
                **names,
                **shares,
            )
        )
    leaked = [
        row for row in result.problem.features.excluded if "유출" in row["why"] or "target away" in row["why"]
    ]
    if leaked:
        found.append(
            finding(
                order.language,
                en="Left out, because they would give the target away: {names}.",
                ko="정답을 미리 알려 주는 열이라 제외했습니다: {names}.",
                importance=0.7,
                kind="leakage",
                names=", ".join(row["feature"] for row in leaked),
            )
        )
    if result.problem.classes:
        found += _imbalance(order.language, result)
    return found


def _quality(order: Order, result: Result) -> Finding:
    scores = result.scores[result.best.name]
    facts: dict[str, Any] = {
        "target": order.choice.target,
        "model": family(result.best.name, order.language),
        "rows": len(result.problem.test_target),
        "accuracy": scores.get("accuracy"),
        "f1": scores.get("f1"),
        "auc": scores.get("auc"),
        "rmse": scores.get("rmse"),
        "mae": scores.get("mae"),
        "r2": scores.get("r2"),
    }
    facts = {name: value for name, value in facts.items() if value is not None}
    head_en, head_ko = (
        "{model} predicts '{target}' with ",
        "{model}(은/는) 학습에 쓰지 않은 {rows:,}개 행에서 '{target}'(을/를) ",
    )
    if not result.problem.classes:
        en = "an average error of {mae:,.2f} (RMSE {rmse:,.2f}, R² {r2:.3f}) on {rows:,} held-out rows."
        ko = "평균 오차 {mae:,.2f}(RMSE {rmse:,.2f}, R² {r2:.3f})로 예측합니다."
    elif "auc" in facts:
        en = "an AUC of {auc:.3f} on {rows:,} held-out rows (accuracy {accuracy:.1%}, F1 {f1:.3f})."
        ko = "AUC {auc:.3f}로 예측합니다(정확도 {accuracy:.1%}, F1 {f1:.3f})."
    else:
        en = "an accuracy of {accuracy:.1%} on {rows:,} held-out rows (F1 {f1:.3f})."
        ko = "정확도 {accuracy:.1%}로 예측합니다(F1 {f1:.3f})."
    return finding(order.language, en=head_en + en, ko=head_ko + ko, importance=0.95, kind="model", **facts)


def _against_baseline(language: Language, result: Result) -> Finding:
    metric = result.problem.metric
    name, scores = best_baseline(result)
    facts: dict[str, Any] = {
        "metric": _TITLES[metric],
        "score": result.scores[result.best.name].get(metric),
        "baseline_score": scores.get(metric),
        "baseline": _baseline_name(name, language),
    }
    if facts["score"] is None or facts["baseline_score"] is None:
        facts |= {"score": 0.0, "baseline_score": 0.0}
    if result.beats_baseline:
        return finding(
            language,
            en="It beats the naive baseline ({baseline}): {metric} {score:,.3f} against {baseline_score:,.3f}.",
            ko="단순 기준선({baseline})보다 확실히 낫습니다: {metric} {score:,.3f}, 기준선 {baseline_score:,.3f}.",
            importance=0.8,
            kind="model",
            **facts,
        )
    return finding(
        language,
        en="No model beats the naive baseline ({baseline}) by more than chance: {metric} {score:,.3f} against "
        "{baseline_score:,.3f}. The columns given do not explain the target.",
        ko="단순 기준선({baseline})보다 확실히 나은 모델이 없습니다: {metric} {score:,.3f}, 기준선 {baseline_score:,.3f}. "
        "주어진 열로는 대상을 설명하기 어렵습니다.",
        importance=0.97,
        kind="model",
        **facts,
    )


def _imbalance(language: Language, result: Result) -> list[Finding]:
    codes = result.problem.target.astype(int)
    shares = np.bincount(codes, minlength=len(result.problem.classes)) / len(codes)
    rarest = int(np.argmin(shares))
    if shares[rarest] >= RARE_SHARE / (len(shares) / 2):
        return []
    return [
        finding(
            language,
            en="The classes are unbalanced: '{label}' is {share:.1%} of the rows, so accuracy alone says little "
            "(balanced accuracy: {balanced:.1%}).",
            ko="클래스가 불균형합니다. '{label}'(이/가) 전체의 {share:.1%}뿐이므로 정확도만으로는 판단하기 어렵습니다"
            "(균형 정확도 {balanced:.1%}).",
            importance=0.6,
            kind="imbalance",
            label=result.problem.classes[rarest],
            share=float(shares[rarest]),
            balanced=result.scores[result.best.name]["balanced_accuracy"],
        )
    ]


def family(name: str, language: Language) -> str:
    """A model's name without its number, as read by people."""
    names = {
        "GBM": ("H2O gradient boosting", "H2O 그래디언트 부스팅"),
        "GLM": ("H2O linear model", "H2O 선형 모델"),
        "DRF": ("H2O random forest", "H2O 랜덤 포레스트"),
        "XRT": ("H2O randomised trees", "H2O 무작위 트리"),
        "StackedEnsemble": ("H2O stacked ensemble", "H2O 스태킹 앙상블"),
        "linear": ("the linear model", "선형 모델"),
        "logistic": ("logistic regression", "로지스틱 회귀"),
        "gradient_boosting": ("gradient boosting", "그래디언트 부스팅"),
        "random_forest": ("the random forest", "랜덤 포레스트"),
    }
    english, korean = names.get(name) or names.get(name.split("_", 1)[0]) or (name, name)
    return korean if language == "ko" else english[0].upper() + english[1:]


def _baseline_name(name: str, language: Language) -> str:
    english, korean = {
        "mean": ("always the mean", "항상 평균"),
        "median": ("always the median", "항상 중앙값"),
        "majority_class": ("always the majority class", "항상 다수 클래스"),
        "always_positive": ("always the positive class", "항상 양성 클래스"),
    }[name]
    return korean if language == "ko" else english


def _kpis(language: Language, result: Result) -> list[Kpi]:
    scores = result.scores[result.best.name]
    shown = ("auc", "f1", "balanced_accuracy") if result.problem.classes else ("rmse", "mae", "r2")
    return [
        Kpi(
            label=_TITLES[name][0].upper() + _TITLES[name][1:],
            value=scores[name],
            text=f"{scores[name]:,.3f}",
            note=say(language, en="hold-out", ko="검증용 데이터"),
        )
        for name in shown
        if name in scores
    ]


def _table(language: Language, result: Result) -> Table:
    shown = ["auc", "logloss", "f1", "balanced_accuracy"] if result.problem.classes else ["rmse", "mae", "r2"]
    heads = ["순위", "모델", "기준선"] if language == "ko" else ["Rank", "Model", "Baseline"]
    rows = [
        [row["rank"], row["model"], row["baseline"], *(row.get(name) for name in shown)]
        for row in leaderboard(result)
    ]
    return Table(
        title=say(language, en="Leaderboard on the hold-out", ko="검증용 데이터 순위표"),
        columns=[*heads, *(_TITLES[name] for name in shown)],
        rows=rows,
    )


def _warnings(order: Order, result: Result) -> list[str]:
    notes = []
    if len(result.problem.target) < 500:
        notes.append(
            say(
                order.language,
                en="The table is small: the scores on the hold-out are uncertain.",
                ko="데이터가 적어 검증 점수의 불확실성이 큽니다.",
            )
        )
    if result.training.h2o_absent is not None:
        notes.append(absence_note(order.language, result.training.h2o_absent))
    if result.training.cut_short:
        notes.append(
            say(
                order.language,
                en="Training ended because the time was up; another run can give slightly different models.",
                ko="제한 시간이 다 되어 학습을 마쳤습니다. 다시 실행하면 결과가 조금 다를 수 있습니다.",
            )
        )
    return notes


def _model(order: Order, result: Result) -> dict[str, Any]:
    problem = result.problem
    name, scores = best_baseline(result)
    return {
        "task": order.choice.task,
        "target": order.choice.target,
        "reason": order.choice.reason,
        "metric": problem.metric,
        "engine": result.training.engine,
        "rows_train": len(problem.split.train),
        "rows_test": len(problem.split.test),
        "split": problem.split.kind,
        "leaderboard": leaderboard(result),
        "best": {"model": result.best.name, **result.scores[result.best.name]},
        "baseline": {"model": name, **scores},
        "beats_baseline": result.beats_baseline,
        "importance": result.importance,
        "features": list(problem.features.frame.columns),
        "categories": problem.features.categories,
        "inputs": [
            feature.model_dump(mode="json", exclude_defaults=True) for feature in problem.features.recipe
        ],
        "classes": problem.classes,
        "threshold": result.best.threshold if len(problem.classes) == 2 else None,
        "excluded": problem.features.excluded,
        "seed": problem.seed,
        "seconds": round(result.seconds, 2),
        "holdout": _holdout(result),
    }


def _holdout(result: Result) -> dict[str, Any]:
    actual, predicted = result.problem.test_target, result.predicted
    if not result.problem.classes:
        keep = np.unique(np.linspace(0, len(actual) - 1, PAIRS).round().astype(int))
        return {"actual_vs_predicted": np.column_stack([actual, predicted])[keep].tolist()}
    codes = actual.astype(int)
    decided = decide(predicted, result.best.threshold)
    matrix = metrics.confusion_matrix(codes, decided, labels=range(len(result.problem.classes)))
    shown: dict[str, Any] = {"confusion": {"labels": result.problem.classes, "matrix": matrix.tolist()}}
    if len(result.problem.classes) == 2 and len(np.unique(codes)) == 2:
        shown |= {"roc": roc_points(codes, predicted), "calibration": calibration_points(codes, predicted)}
    return shown
