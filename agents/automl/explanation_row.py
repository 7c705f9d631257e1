"""One row's prediction explained: of the rows given, or of those that the model was held out on."""

import re
from typing import Any

import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.scoring.description import ModelDescription
from mesh.scoring.rows import check_rows
from mesh.scoring.scorer import Scorer

from .explaining.holdout import HoldOut
from .explaining.question import asked_row
from .explaining.shapley import shapley_values
from .scoring_order import ExplanationWish


def followed_class(holdout: HoldOut) -> int | None:
    """The class whose probability is followed: the positive one of two, the most frequent of more."""
    if not holdout.classes:
        return None
    return 1 if len(holdout.classes) == 2 else int(np.bincount(holdout.actual.astype(int)).argmax())


def explain_row(
    description: ModelDescription,
    scorer: Scorer,
    holdout: HoldOut,
    wish: ExplanationWish,
    language: Language,
    budget: int,
) -> dict[str, Any] | None:
    """One row explained, when it is asked for: of the rows given, or else of the hold-out."""
    table = pd.read_parquet(wish.rows.table) if wish.rows is not None else holdout.frame
    place, called = _place(table, wish)
    if place is None:
        return None
    if not 0 < place <= len(table):
        raise BadInputError(
            say(
                language,
                en="There is no row {row:,}: the table has {rows:,} rows.",
                ko="{row:,}번째 행이 없습니다. 표에는 {rows:,}개 행이 있습니다.",
                row=place,
                rows=len(table),
            )
        )
    one = table.iloc[[place - 1]].reset_index(drop=True)
    frame = check_rows(description, one, language).frame if wish.rows is not None else one
    predicted = scorer.predict(frame)
    output = int(predicted[0].argmax()) if len(description.classes) > 2 else followed_class(holdout)
    found = shapley_values(scorer.predict, frame, holdout.frame, output=output, seed=wish.seed, budget=budget)
    effects = dict(zip(frame.columns, found.values[0], strict=True))
    parts: list[dict[str, Any]] = [
        {
            "feature": source,
            "value": _shown(one[source].iloc[0] if source in one.columns else frame[names[0]].iloc[0]),
            "effect": float(sum(effects[name] for name in names)),
        }
        for source, names in holdout.groups.items()
    ]
    parts.sort(key=lambda part: (-abs(part["effect"]), part["feature"]))
    return {
        "row": place,
        "called": called,
        "of": "given" if wish.rows is not None else "holdout",
        "predicted": float(found.predicted[0]),
        "base": found.base,
        "output_class": description.classes[output] if output is not None else None,
        "decided": str(scorer.score(frame)["predicted"].iloc[0]) if description.classes else None,
        "parts": parts,
    }


def _place(table: pd.DataFrame, wish: ExplanationWish) -> tuple[int | None, str]:
    """The number of the row that is wanted, from 1, and the identifier by which the question named it."""
    number = wish.row if wish.row is not None else asked_row(wish.question)
    if number is not None or wish.rows is None:
        return number, ""
    for column in wish.rows.columns:
        if column.semantic == "identifier" and column.type == "string" and column.name in table:
            values = table[column.name].astype(str)
            for place, value in enumerate(values, 1):
                if len(value) > 2 and _names(wish.question, value):
                    return place, value
    return None, ""


def _names(question: str, identifier: str) -> bool:
    """Whether the question names it whole: `C100` is not named by `C1001`; Korean particles may follow."""
    whole = rf"(?<![0-9A-Za-z]){re.escape(identifier)}(?![0-9A-Za-z])"
    return identifier in question and re.search(whole, question) is not None


def _shown(value: Any) -> str:
    return "–" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)
