"""Two registered models asked for the same new rows, so that what is compared is the models and not the rows."""

from dataclasses import dataclass

import pandas as pd

from mesh.errors import MeshError
from mesh.language import Language, say
from mesh.scoring.description import as_number, describe
from mesh.scoring.rows import check_rows
from mesh.scoring.scorer import open_scorer

from .desk import FreshRows
from .holdout import ACTUAL, Holdout, from_frame
from .runs import ModelFiles
from .schema import schema_of, training_data


@dataclass(frozen=True)
class ScoredBoth:
    """What two models made of the same rows, or None and in `note` why they were not asked."""

    pair: tuple[Holdout, Holdout] | None
    note: str


def score_both(
    first: ModelFiles, second: ModelFiles, rows: FreshRows, token: str, language: Language
) -> ScoredBoth:
    """Both models on the rows that have a true value, in one order.

    Rows that either was trained on would flatter it, so a dataset that one of them names as its own is not used.
    """
    for model in (first, second):
        trained = training_data(model.description)
        if rows.dataset_id == trained.get("id") or rows.sha256 == trained.get("sha256"):
            note = say(
                language,
                en="One of the models was trained on the dataset given, so the hold-outs are compared instead.",
                ko="주신 데이터는 두 모델 중 하나가 학습한 데이터이므로 검증 행으로 비교했습니다.",
            )
            return ScoredBoth(None, note)
    table = pd.read_parquet(rows.path)
    target = schema_of(second.description).target
    if target not in table.columns:
        note = say(
            language,
            en="The dataset given has no column '{target}', so the models could not be scored on it.",
            ko="주신 데이터에 '{target}' 열이 없어 그 데이터로는 평가하지 못했습니다.",
            target=target,
        )
        return ScoredBoth(None, note)
    try:
        scored = [_score(model, table, target, token) for model in (first, second)]
    except MeshError as error:
        note = say(
            language,
            en="The models could not be scored on the dataset given: {why}",
            ko="주신 데이터로 모델을 평가하지 못했습니다: {why}",
            why=error.message,
        )
        return ScoredBoth(None, note)
    left, right = scored
    if left is None or right is None:
        note = say(
            language,
            en="Column '{target}' of the dataset given holds values that the models do not predict, so they could not be "
            "scored on it.",
            ko="주신 데이터의 '{target}' 열에 모델이 예측하지 않는 값이 있어 그 데이터로는 평가하지 못했습니다.",
            target=target,
        )
        return ScoredBoth(None, note)
    return ScoredBoth((left, right), "")


def _score(model: ModelFiles, table: pd.DataFrame, target: str, token: str) -> Holdout | None:
    """The rows with a true value as the model scores them; None when one of the values is none that it could predict."""
    description = describe(model.description)
    table = table[table[target].notna()].reset_index(drop=True)
    means = description.class_of if description.classes else as_number
    actual = table[target].astype(object).map(means)
    if actual.isna().any():
        return None
    checked = check_rows(description, table)
    with open_scorer(description, [file.path for file in model.files], token=token) as scorer:
        made = scorer.score(checked.frame)
    shown = table[list(description.columns)].assign(
        **{str(c): made[c] for c in made.columns}, **{ACTUAL: actual}
    )
    return from_frame(shown, description.classes)
