"""A trained regression or classification, told in the language of the question and as structured results."""

import numpy as np

from mesh.language import Language, finding, say
from mesh.results import Finding

from .board import board_table, score_kpis
from .h2o_notes import absence_note
from .model_data import model_data
from .order import Order, SavedFile, SavedTable, Trained
from .outcome import Result
from .split_story import split_finding
from .verdict import verdict

RARE_SHARE = 0.3
SMALL = 500


def tell(order: Order, result: Result, files: list[SavedFile], predictions: SavedTable) -> Trained:
    """Everything there is to say; each number in the prose is in the structured part.

    Args: `files` the model, and behind it the one that was judged where they differ.
    """
    findings = _findings(order, result, final=len(files) > 1)
    return Trained(
        summary=" ".join(f.text for f in findings[:2]),
        model=model_data(order, result) | {"judged": files[-1].name if len(files) > 1 else None},
        files=files,
        predictions=predictions,
        findings=findings,
        kpis=score_kpis(result, order.language),
        tables=[board_table(result, order.language)],
        warnings=_warnings(order, result),
    )


def _findings(order: Order, result: Result, *, final: bool) -> list[Finding]:
    language = order.language
    found = [
        *verdict(str(order.choice.target), result, language),
        split_finding(result.problem, language, final=final),
    ]
    found += _drivers(language, result)
    found += _leakage(language, result)
    if result.problem.classes:
        found += _imbalance(language, result)
    return found


def _drivers(language: Language, result: Result) -> list[Finding]:
    top = [row for row in result.importance if row["importance"] > 0][:3]
    if not top or not result.beats_baseline:
        return []
    names = {f"feature{i}": row["feature"] for i, row in enumerate(top, 1)}
    shares = {f"share{i}": row["importance"] for i, row in enumerate(top, 1)}
    listed = ", ".join(f"'{{feature{i}}}' ({{share{i}:.1%}})" for i in range(1, len(top) + 1))
    return [
        finding(
            language,
            en="What matters most for the prediction: " + listed + ".",
            ko="예측에 가장 크게 기여하는 변수는 " + listed + "입니다.",
            importance=0.75,
            kind="driver",
            **names,
            **shares,
        )
    ]


def _leakage(language: Language, result: Result) -> list[Finding]:
    leaked = [row for row in result.problem.features.excluded if "leak" in row]
    if not leaked:
        return []
    form = "'{}'({})" if language == "ko" else "'{}' {}"
    reasons = "; ".join(form.format(row["feature"], row["why"]) for row in leaked)
    return [
        finding(
            language,
            en="Left out: {reasons}. Such a column may be used only if it is known before the prediction.",
            ko="제외한 열: {reasons}. 예측하기 전에 알 수 있는 값일 때만 쓸 수 있습니다.",
            importance=0.7,
            kind="leakage",
            reasons=reasons,
            names=", ".join(row["feature"] for row in leaked),
        )
    ]


def _imbalance(language: Language, result: Result) -> list[Finding]:
    codes = result.problem.target.astype(int)
    shares = np.bincount(codes, minlength=len(result.problem.classes)) / len(codes)
    rarest = int(np.argmin(shares))
    if shares[rarest] >= RARE_SHARE / (len(shares) / 2):
        return []
    scores = result.scores[result.best.name]
    facts = {
        "label": result.problem.classes[rarest],
        "share": float(shares[rarest]),
        "balanced": scores["balanced_accuracy"],
    }
    en = (
        "The classes are unbalanced: '{label}' is {share:.1%} of the rows, so accuracy alone says little "
        "(balanced accuracy: {balanced:.1%})."
    )
    ko = (
        "클래스가 불균형합니다. '{label}'(이/가) 전체의 {share:.1%}뿐이므로 정확도만으로는 판단하기 어렵습니다"
        "(균형 정확도 {balanced:.1%})."
    )
    if "pr_auc" in scores:
        facts |= {"pr_auc": scores["pr_auc"], "chance": float(np.mean(result.problem.test_target))}
        en += " Ranked by its probability, the average precision is {pr_auc:.3f}, where chance gives {chance:.3f}."
        ko += " 확률 순으로 매긴 평균 정밀도는 {pr_auc:.3f}이고 우연이면 {chance:.3f}입니다."
    return [finding(language, en=en, ko=ko, importance=0.6, kind="imbalance", **facts)]


def _warnings(order: Order, result: Result) -> list[str]:
    notes = []
    if len(result.problem.target) < SMALL:
        notes.append(
            say(
                order.language,
                en="The table is small: the scores on the hold-out are uncertain.",
                ko="데이터가 적어 검증 점수의 불확실성이 큽니다.",
            )
        )
    if result.training.h2o_absent is not None:
        notes.append(absence_note(order.language, result.training.h2o_absent))
    if result.problem.left_out:
        notes.append(
            say(
                order.language,
                en="The time sufficed for {rows:,} of the training rows, drawn at random; raise time_budget_s to learn from all.",
                ko="시간이 짧아 학습용 행 중 무작위로 뽑은 {rows:,}개로만 학습했습니다. time_budget_s를 늘리면 모두 씁니다.",
                rows=len(result.problem.split.train),
            )
        )
    if result.training.cut_short:
        notes.append(
            say(
                order.language,
                en="Training ended because the time was up; another run can give slightly different models.",
                ko="제한 시간이 다 되어 학습을 마쳤습니다. 다시 실행하면 결과가 조금 다를 수 있습니다.",
            )
        )
    return notes
