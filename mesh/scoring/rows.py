"""New rows for a model: whether they can be scored, and what to know about them before they are."""

from dataclasses import dataclass

import pandas as pd

from mesh.errors import BadInputError
from mesh.language import Language, finding, say
from mesh.results import Finding

from .description import ModelDescription
from .feature import Feature
from .features import derive, timestamps, words

MAX_SHOWN = 5


@dataclass(frozen=True)
class CheckedRows:
    """`frame` is the model's input, one row per row given, in order; `notes` say what is missing or new in it."""

    frame: pd.DataFrame
    notes: list[Finding]


def check_rows(description: ModelDescription, table: pd.DataFrame, language: Language = "en") -> CheckedRows:
    """The rows as the model takes them; columns that it does not take are left out, also the target.

    Missing values are allowed, and so are categories that the training did not know: both are scored, and said in the notes.
    Raises: BadInputError when there is no row, or that names every missing column and every column of a wrong type at once.
    """
    if not len(table):
        raise BadInputError(say(language, en="There is no row to score.", ko="예측할 행이 없습니다."))
    missing = [name for name in description.columns if name not in table.columns]
    present = [f for f in description.features if f.source in table.columns]
    wrong = _wrong_types(present, table, language)
    if missing or wrong:
        raise BadInputError(_refusal(missing, wrong, table, language), missing=missing, wrong=list(wrong))
    frame = derive(description.features, table)
    return CheckedRows(frame, [*_unseen(description, table, language), *_empty(description, table, language)])


def _wrong_types(features: list[Feature], table: pd.DataFrame, language: Language) -> dict[str, str]:
    """What is wrong with a column, by its name."""
    wrong: dict[str, str] = {}
    for feature in features:
        if feature.type != "number" or feature.source in wrong:
            continue
        values = table[feature.source]
        read = timestamps(values) if feature.part else pd.to_numeric(values, errors="coerce")
        bad = values[read.isna() & values.notna()]
        if len(bad):
            kind = ("a date", "날짜") if feature.part else ("a number", "수치")
            wrong[feature.source] = say(
                language,
                en="'{name}' must hold {kind}, but {count:,} of its values do not, such as '{example}'",
                ko="'{name}' 열에는 {kind}(이/가) 있어야 하지만 '{example}' 등 {count:,}개 값이 그렇지 않습니다",
                name=feature.source,
                kind=kind[language == "ko"],
                count=len(bad),
                example=bad.iloc[0],
            )
    return wrong


def _refusal(missing: list[str], wrong: dict[str, str], table: pd.DataFrame, language: Language) -> str:
    parts = []
    if missing:
        parts.append(
            say(
                language,
                en="The rows lack columns that the model was trained with: {names}. They have: {given}.",
                ko="모델이 학습한 열이 새 데이터에 없습니다: {names}. 새 데이터의 열: {given}.",
                names=", ".join(f"'{name}'" for name in missing),
                given=", ".join(f"'{name}'" for name in table.columns),
            )
        )
    if wrong:
        parts.append("; ".join(wrong.values()) + ".")
    return " ".join(parts)


def _unseen(description: ModelDescription, table: pd.DataFrame, language: Language) -> list[Finding]:
    notes = []
    for feature in description.features:
        if not feature.levels or feature.more:
            continue
        text = words(table[feature.source])
        new = text[~text.isin(feature.levels) & table[feature.source].notna()]
        if len(new):
            notes.append(
                finding(
                    language,
                    en="'{column}' holds values that the model has not seen in {rows:,} rows: {values}. "
                    "They are scored as unknown.",
                    ko="'{column}' 열에 학습에 없던 값이 {rows:,}개 행에 있습니다: {values}. 알 수 없는 값으로 처리했습니다.",
                    importance=0.6,
                    kind="unseen",
                    column=feature.source,
                    rows=len(new),
                    values=", ".join(f"'{value}'" for value in new.unique()[:MAX_SHOWN]),
                )
            )
    return notes


def _empty(description: ModelDescription, table: pd.DataFrame, language: Language) -> list[Finding]:
    counts = {name: int(table[name].isna().sum()) for name in description.columns}
    holes = {name: count for name, count in counts.items() if count}
    if not holes:
        return []
    worst = sorted(holes, key=lambda name: -holes[name])[:MAX_SHOWN]
    facts = {f"column{i}": name for i, name in enumerate(worst)} | {
        f"rows{i}": holes[n] for i, n in enumerate(worst)
    }
    listed = ", ".join(f"'{{column{i}}}' ({{rows{i}:,}})" for i in range(len(worst)))
    return [
        finding(
            language,
            en="Values are missing in {columns:,} of the model's columns, mostly in: " + listed + ".",
            ko="모델이 쓰는 열 가운데 {columns:,}개에 빈 값이 있습니다. 빈 값이 많은 열: " + listed + ".",
            importance=0.4,
            kind="missing",
            columns=len(holes),
            **facts,
        )
    ]
