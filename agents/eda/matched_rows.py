"""Rows that belong together because they are of one subject: measured once in every group, or many times in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh.results import Column
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Codes, Levels, Numbers

SUBJECT_WORDS = frozenset(
    {
        "id",
        "subject",
        "subj",
        "patient",
        "person",
        "participant",
        "pair",
        "block",
        "litter",
        "animal",
        "child",
        "student",
    }
)
SUBJECT_TERMS = frozenset(
    {
        "환자",
        "대상자",
        "피험자",
        "참가자",
        "참여자",
        "응답자",
        "개체",
        "학생",
        "회원번호",
        "고객번호",
        "블록",
        "아이디",
    }
)
MIN_SUBJECTS = 3
MIN_COMPLETE = 0.8
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Matched:
    """`values` has a row for each subject of the column `subject` and a column for each of the groups `names`."""

    subject: str
    names: tuple[str, ...]
    values: Matrix
    left_out: int


def subject_columns(path: Path, columns: Sequence[Column]) -> dict[str, Codes]:
    """The columns of a Parquet file that tell subjects apart, as codes, -1 where the value is missing."""
    found = [column.name for column in columns if _tells_subjects(column)]
    frame = pd.read_parquet(path, columns=found) if found else pd.DataFrame()
    return {name: np.asarray(pd.factorize(frame[name])[0], dtype=np.int64) for name in found}


def match_rows(subjects: Mapping[str, Codes], levels: Levels, values: Numbers) -> Matched | None:
    """The values by subject and group where an experiment measured every subject in every group equally often.

    Subjects that lack a group are left out; more than a fifth of them, or unequal numbers of rows, is no such design: None.
    Several rows of one subject in one group are averaged.
    """
    known = (levels.codes >= 0) & np.isfinite(values)
    present = np.unique(levels.codes[known])
    if len(present) < 2:
        return None
    for name, codes in subjects.items():
        rows = known & (codes >= 0)
        shape = (int(codes.max(initial=-1)) + 1, len(levels.names))
        place = codes[rows] * shape[1] + levels.codes[rows]
        size = shape[0] * shape[1]
        counts = np.bincount(place, minlength=size).reshape(shape)[:, present]
        seen = counts.any(axis=1)
        complete = counts.all(axis=1)
        alike = len(np.unique(counts[complete])) == 1
        if complete.sum() < MIN_SUBJECTS or complete.sum() < MIN_COMPLETE * seen.sum() or not alike:
            continue
        sums = np.bincount(place, weights=values[rows], minlength=size).reshape(shape)[:, present]
        means = sums[complete] / counts[complete]
        names = tuple(levels.names[code] for code in present)
        return Matched(name, names, means, int(seen.sum() - complete.sum()))
    return None


def repeated_subject(subjects: Mapping[str, Codes], levels: Levels) -> dict[str, Any] | None:
    """The subject column of which most subjects have several rows, with its subjects and their rows: they are not independent."""
    for name, codes in subjects.items():
        known = codes[(codes >= 0) & (levels.codes >= 0)]
        number, rows = len(np.unique(known)), len(known)
        if number and rows >= 1.5 * number:
            return {"subject": name, "subjects": number, "rows": rows}
    return None


def _tells_subjects(column: Column) -> bool:
    named = bool(SUBJECT_WORDS & set(words(column.name))) or any(t in column.name for t in SUBJECT_TERMS)
    return named and column.semantic not in {"date", "text", "geo"} and column.type != "number"
