"""Two registered models asked for the same new rows, so that what is compared is the models and not the rows."""

from dataclasses import dataclass

import pandas as pd

from mesh.errors import MeshError
from mesh.language import Language, say
from mesh.scoring.description import describe
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
    return ScoredBoth((left, right) if left is not None and right is not None else None, "")


def _score(model: ModelFiles, table: pd.DataFrame, target: str, token: str) -> Holdout | None:
    description = describe(model.description)
    table = table[table[target].notna()].reset_index(drop=True)
    checked = check_rows(description, table)
    with open_scorer(description, [file.path for file in model.files], token=token) as scorer:
        made = scorer.score(checked.frame)
    actual = table[target].astype(str) if description.classes else table[target]
    shown = table[list(description.columns)].assign(
        **{str(c): made[c] for c in made.columns}, **{ACTUAL: actual}
    )
    return from_frame(shown, description.classes)
