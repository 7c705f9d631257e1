"""The hold-out: the latest rows when time matters, whole groups when rows repeat, a stratified draw otherwise."""

import re
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from mesh.results import Column
from mesh.scoring.features import timestamps

from .concepts import tokens

TEST_SHARE = 0.2
MAX_TEST = 20_000
IN_ORDER = 0.95
_ATTRIBUTES = {"birth", "birthday", "birthdate", "dob", "born", "join", "joined", "joining", "hire", "hired", "signup"} | {
    *("registered", "registration", "opened", "생년월일", "생일", "출생일", "가입일", "입사일", "가입일자", "입사일자")
}  # fmt: skip
_FUTURE = re.compile(
    r"\b(?:will|next|future|upcoming|going to|forecast|ahead|tomorrow|soon)\b|다음|앞으로|향후|미래|장래|예정|내일|내년|할까|될까"
)

_ENTITIES = {"id", "nr", "subject", "patient", "participant", "person", "individual", "respondent", "customer", "client"} | {
    *("user", "member", "household", "pupil", "student", "animal", "chick", "rat", "mouse", "dog"),
    *("환자", "고객", "회원", "피험자", "개체", "학생"),
}  # fmt: skip
_NAMING = {"id", "no", "nr", "number", "num", "code", "key", "name", "번호", "코드", "이름"}
_YEARS = {"year", "yr", "연도", "년도"}
_LEAST_YEARS, _LEAST_ENTITIES, _LEAST_NUMBERED, _ROWS_EACH = 5, 10, 20, 3

Kind = Literal["time", "random", "group"]
Why = Literal["future", "ordered", "event", "repeats", "none"]


@dataclass(frozen=True)
class Split:
    """Positions of the training rows (in time order when split by time) and of the hold-out.

    `column` is the date or the repeating identifier that decided, `why` the reason for it. `clusters` numbers, for every row of
    the table, what belongs together: the same date, the same entity, else the row alone.
    """

    kind: Kind
    train: np.ndarray
    test: np.ndarray
    column: str | None = None
    why: Why = "none"
    clusters: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))


def split_rows(
    table: pd.DataFrame,
    columns: list[Column],
    target: pd.Series,
    *,
    question: str,
    classes: bool,
    seed: int,
) -> Split:
    """A hold-out of a fifth of the rows, at most `MAX_TEST`.

    By time when a column dates events, or numbers the years of a panel; when it dates a property of an entity (a birth, a
    joining) only if the question is about the future or the rows stand in its order. Every row of the cut's date goes to the
    hold-out, so no date is on both sides. By group when an identifier repeats, or a column named for the people or animals that
    were looked at. Otherwise, or when one side would hold one class only, drawn; for classes with the same shares on both sides.
    """
    share = min(TEST_SHARE, MAX_TEST / len(table))
    dated = _dated(table, columns, question)
    split = _by_time(table, *dated, share) if dated is not None else None
    if split is not None and (not classes or _varied(split, target)):
        return split
    positions = np.arange(len(table))
    group = _group(table, columns)
    if group is not None:
        codes = pd.factorize(table[group].astype(str))[0]
        drawn = GroupShuffleSplit(1, test_size=share, random_state=seed).split(positions, groups=codes)
        train, test = next(iter(drawn))
        split = Split("group", train, test, group, "repeats", codes)
        if not classes or _varied(split, target):
            return split
    stratify = target if classes and int(target.value_counts().min()) >= 2 else None
    train, test = train_test_split(positions, test_size=share, random_state=seed, stratify=stratify)
    return Split("random", np.sort(train), np.sort(test), clusters=positions)


def _dated(table: pd.DataFrame, columns: list[Column], question: str) -> tuple[str, Why] | None:
    """The column whose time matters, and why it does."""
    dates = [
        c.name
        for c in columns
        if c.name in table.columns
        and (c.semantic == "date" or c.type in {"date", "datetime"})
        and table[c.name].nunique() > 1
    ]
    dates.sort(key=lambda name: -int(pd.Series(table[name]).count()))
    for name in dates:
        if not set(tokens(name)) & _ATTRIBUTES:
            return name, "event"
    if (year := _panel_year(table, columns)) is not None:
        return year, "event"
    for name in dates:
        stamps = timestamps(table[name]).dropna()
        if float((stamps.diff().dropna() >= pd.Timedelta(0)).mean()) >= IN_ORDER:
            return name, "ordered"
    return (dates[0], "future") if dates and _FUTURE.search(question.lower()) else None


def _by_time(table: pd.DataFrame, column: str, why: Why, share: float) -> Split | None:
    number = pd.api.types.is_numeric_dtype(table[column])
    stamps = pd.to_datetime(table[column], unit="D") if number else timestamps(table[column])
    order = np.argsort(stamps.to_numpy(), kind="stable")
    order = order[~stamps.isna().to_numpy()[order]]
    if not len(order):
        return None
    cut = stamps.iloc[order[round(len(order) * (1 - share))]]
    late = (stamps.iloc[order] >= cut).to_numpy()
    if not 0 < late.sum() <= 0.5 * len(order):
        return None
    return Split("time", order[~late], order[late], column, why, pd.factorize(stamps)[0])


def _varied(split: Split, target: pd.Series) -> bool:
    return all(target.iloc[side].nunique() > 1 for side in (split.train, split.test))


def _panel_year(table: pd.DataFrame, columns: list[Column]) -> str | None:
    """The column of years, where each row is one year of one of several entities that another column names."""
    known = [c for c in columns if c.name in table.columns and c.type in {"integer", "string"}]
    for column in known:
        if column.type != "integer" or not set(tokens(column.name)) & _YEARS:
            continue
        years = table[column.name]
        if years.isna().any() or years.nunique() < _LEAST_YEARS:
            continue
        for other in known:
            entities = table[other.name].nunique()
            once = not table.duplicated([column.name, other.name]).any()
            if other is not column and once and 1 < entities <= len(table) / _ROWS_EACH:
                return column.name
    return None


def _group(table: pd.DataFrame, columns: list[Column]) -> str | None:
    for column in columns:
        if column.name not in table.columns:
            continue
        distinct = int(table[column.name].nunique())
        least = _LEAST_ENTITIES if column.type == "string" else _LEAST_NUMBERED
        if (column.semantic == "identifier" or _names_entities(column)) and least <= distinct <= 0.5 * len(
            table
        ):
            return column.name
    return None


def _names_entities(column: Column) -> bool:
    """Whether the column is named for who was looked at, and for nothing else: `Subject`, `patient_no`, not `customer_calls`."""
    words = set(tokens(column.name))
    return column.type in {"integer", "string"} and bool(words & _ENTITIES) and words <= _ENTITIES | _NAMING
