"""The texts of one column: which column that is, and its texts with their row numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.results import Column
from mesh.tabular.lexicon import mentions

from .languages import language_of

MAX_TEXTS = 100_000
MAX_TEXT_CHARS = 2_000
MAX_CHARS = 5_000_000
"""Bounds on what is read closely: beyond them texts are taken at equal distances, and long ones cut. The report says so."""
_SPOKEN = ("review", "comment", "feedback", "answer", "리뷰", "후기", "댓글", "의견", "응답", "문의", "내용")


@dataclass(frozen=True)
class Corpus:
    """The texts of `column`, with the number of the row (from 1) that each stands in and its language.

    `rows_total` counts all rows, `empty` those without a text, `with_text` those with one (more than there are texts where
    only some were taken), `cut` the texts that were cut to `MAX_TEXT_CHARS`; `other_columns` hold free text too.
    """

    column: str
    texts: list[str]
    rows: list[int]
    languages: list[str]
    rows_total: int
    empty: int
    with_text: int
    cut: int
    other_columns: tuple[str, ...]


def read_corpus(
    path: Path, columns: Sequence[Column], goal: str, language: Language, column: str | None = None
) -> Corpus:
    """The texts of `column`, else of the column of text that the question names, else of the one with the longest texts.

    Raises: BadInputError when there is no such column, none holds free text, or all texts are empty.
    """
    chosen, others = _choose(path, columns, goal, language, column)
    values = pq.read_table(path, columns=[chosen]).column(0).to_pylist()
    held = [(row, str(value).strip()) for row, value in enumerate(values, start=1) if value is not None]
    held = [(row, text) for row, text in held if text]
    if not held:
        raise BadInputError(
            say(
                language,
                en="The column {column} holds no text: all {rows:,} values are empty.",
                ko="{column} 열에 글이 없습니다. 값 {rows:,}개가 모두 비어 있습니다.",
                column=chosen,
                rows=len(values),
            )
        )
    taken = _taken(held)
    texts = [text[:MAX_TEXT_CHARS] for _, text in taken]
    known: dict[str, str] = {}
    for text in texts:
        if text not in known:
            known[text] = language_of(text)
    return Corpus(
        column=chosen,
        texts=texts,
        rows=[row for row, _ in taken],
        languages=[known[text] for text in texts],
        rows_total=len(values),
        empty=len(values) - len(held),
        with_text=len(held),
        cut=sum(len(text) > MAX_TEXT_CHARS for _, text in taken),
        other_columns=tuple(others),
    )


def _choose(
    path: Path, columns: Sequence[Column], goal: str, language: Language, asked: str | None
) -> tuple[str, list[str]]:
    words = [item.name for item in columns if item.type == "string"]
    if asked is not None:
        if asked in words:
            return asked, []
        raise BadInputError(
            say(
                language,
                en="There is no column of text called {asked}. Columns of text: {held}.",
                ko="{asked}(이)라는 글 열이 없습니다. 글이 있는 열: {held}.",
                asked=asked,
                held=", ".join(words) or "–",
            )
        )
    lengths = {name: _mean_words(path, name) for name in words}
    free = [item.name for item in columns if item.semantic == "text" and item.type == "string"]
    candidates = [name for name in words if name in free or lengths[name] >= 4]
    named = [name for name in words if mentions(goal, name) and (name in candidates or lengths[name] >= 2)]
    ranked = sorted(named or candidates, key=lambda name: (-lengths[name], words.index(name)))
    if not ranked:
        raise BadInputError(
            say(
                language,
                en="No column holds free text to analyse. Columns: {held}. Name one with the parameter 'column'.",
                ko="분석할 글이 있는 열이 없습니다. 열: {held}. 매개변수 'column'으로 열을 지정해 주십시오.",
                held=", ".join(item.name for item in columns),
            )
        )
    return ranked[0], [name for name in candidates if name != ranked[0]]


def _mean_words(path: Path, name: str) -> float:
    """The mean number of words over the first thousand filled values, doubled where the name says that people wrote it."""
    with pq.ParquetFile(path) as file:
        batch = next(file.iter_batches(batch_size=1000, columns=[name]), None)
    texts = [str(value) for value in batch.column(0).to_pylist() if value] if batch else []
    if not texts:
        return 0.0
    mean = sum(len(text.split()) for text in texts) / len(texts)
    return mean * (2 if any(word in name.lower() for word in _SPOKEN) else 1)


def _taken(held: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """All texts, or as many at equal distances as the bounds allow."""
    size = sum(min(len(text), MAX_TEXT_CHARS) for _, text in held)
    share = min(1.0, MAX_TEXTS / len(held), MAX_CHARS / size)
    count = max(1, int(len(held) * share))
    return [held[place * len(held) // count] for place in range(count)]
