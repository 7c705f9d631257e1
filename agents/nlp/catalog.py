"""What is known about one dataset: its columns with their concepts, and an index of the values that occur in it."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .concepts import CONCEPTS, NO, TRANSPARENT, VALUE_WORDS, YES, phrases
from .tokens import Tokenizer

MAX_VALUES = 5000


@dataclass(frozen=True)
class ColumnInfo:
    """One column. `concepts` is its name in concepts, without words such as `id`; `yes` and `no` are the two values of a
    yes-or-no column; `low` and `high` are the ends of a numeric column."""

    name: str
    type: str
    semantic: str
    concepts: tuple[str, ...]
    distinct: int = 0
    yes: Any = None
    no: Any = None
    low: float | None = None
    high: float | None = None

    @property
    def boolean(self) -> bool:
        """True for a column of two values that say yes and no."""
        return self.yes is not None

    @property
    def numeric(self) -> bool:
        """True for a column that can be added up or averaged."""
        return (
            self.type in {"integer", "number"}
            and not self.boolean
            and self.semantic
            not in {
                "identifier",
                "category",
                "date",
                "geo",
            }
        )

    @property
    def temporal(self) -> bool:
        """True for a column of dates or timestamps."""
        return self.type in {"date", "datetime"}

    @property
    def additive(self) -> bool:
        """True when the values of several rows may be summed."""
        return self.numeric and self.semantic != "intensive"


@dataclass(frozen=True)
class Catalog:
    """Columns, value index and time span of one dataset. `values` maps a phrase's norms to (column name, value) pairs."""

    columns: tuple[ColumnInfo, ...]
    rows: int
    values: dict[tuple[str, ...], list[tuple[str, Any]]]
    tokenizer: Tokenizer
    first: date | None = None
    last: date | None = None

    def column(self, name: str) -> ColumnInfo:
        """The column called `name`. Raises: KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def time_column(self) -> ColumnInfo | None:
        """The first column of dates, which question words such as `monthly` mean."""
        return next((c for c in self.columns if c.temporal), None)


def concept_table(tokenizer: Tokenizer) -> dict[tuple[str, ...], str]:
    """Concept by the norms of each surface phrase."""
    return {tokenizer.norms(phrase): key for phrase, key in phrases(CONCEPTS)}


def conceptualise(norms: tuple[str, ...], table: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """The concepts of a phrase, longest known phrase first; a word in no concept stands for itself."""
    found: list[str] = []
    at = 0
    while at < len(norms):
        for size in range(min(4, len(norms) - at), 0, -1):
            concept = table.get(norms[at : at + size])
            if concept is not None or size == 1:
                found.append(concept or norms[at])
                at += size
                break
    return tuple(found)


def build_catalog(path: Path, columns: list[dict[str, str]]) -> Catalog:
    """Reads the Parquet file at `path` once, column by column.

    Args: `columns` are `{"name", "type", "semantic"}` as in the dataset's reference.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    distinct: dict[str, list[Any]] = {}
    facts: dict[str, dict[str, Any]] = {}
    for column in columns:
        values = file.read(columns=[column["name"]]).column(0)
        uniques = pc.unique(values.drop_null())
        facts[column["name"]] = {"distinct": len(uniques), **_ends(values, column["type"])}
        if len(uniques) <= MAX_VALUES and column["type"] in {"string", "boolean", "integer"}:
            distinct[column["name"]] = sorted(uniques.to_pylist(), key=str)
    words = [v for vs in distinct.values() for v in vs if isinstance(v, str)]
    plain = Tokenizer()
    words += [c["name"] for c in columns if not all(t.known for t in plain.tokens(c["name"]))]
    return _assemble(columns, file.metadata.num_rows, distinct, facts, Tokenizer(words))


def _ends(values: Any, type_name: str) -> dict[str, Any]:
    if type_name not in {"integer", "number", "date", "datetime"} or len(values) == values.null_count:
        return {}
    import pyarrow.compute as pc

    ends = pc.min_max(values).as_py()
    return {"low": ends["min"], "high": ends["max"]}


def _assemble(
    columns: list[dict[str, str]],
    rows: int,
    distinct: dict[str, list[Any]],
    facts: dict[str, dict[str, Any]],
    tokenizer: Tokenizer,
) -> Catalog:
    table = concept_table(tokenizer)
    infos: list[ColumnInfo] = []
    for column in columns:
        name, fact = column["name"], facts[column["name"]]
        yes, no = _yes_no(distinct.get(name, []), column["type"])
        numeric = column["type"] in {"integer", "number"}
        infos.append(
            ColumnInfo(
                name,
                column["type"],
                column["semantic"],
                _core(tokenizer.norms(name), table),
                fact["distinct"],
                yes,
                no,
                float(fact["low"]) if numeric and "low" in fact else None,
                float(fact["high"]) if numeric and "high" in fact else None,
            )
        )
    time = next((c.name for c in infos if c.temporal), None)
    low, high = (facts[time].get("low"), facts[time].get("high")) if time else (None, None)
    return Catalog(
        tuple(infos), rows, _value_index(infos, distinct, tokenizer), tokenizer, _as_date(low), _as_date(high)
    )


def _core(norms: tuple[str, ...], table: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    concepts = conceptualise(norms, table)
    return tuple(c for c in concepts if c not in TRANSPARENT) or concepts


def _yes_no(values: list[Any], type_name: str) -> tuple[Any, Any]:
    """The yes and the no value of a column that holds little else (`No internet service`), or (None, its value `No`)."""
    if type_name == "boolean":
        return True, False
    yes = next((v for v in values if str(v).lower() in YES), None)
    no = next((v for v in values if str(v).lower() in NO), None)
    others = [v for v in values if v not in (yes, no)]
    if yes is not None and no is not None and all(str(v).lower().startswith("no ") for v in others):
        return yes, no
    return None, (no if type_name == "string" and yes is None else None)


def _value_index(
    infos: list[ColumnInfo], distinct: dict[str, list[Any]], tokenizer: Tokenizer
) -> dict[tuple[str, ...], list[tuple[str, Any]]]:
    synonyms: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for key in VALUE_WORDS:
        forms = [tokenizer.norms(form) for form in VALUE_WORDS[key].split(", ")]
        for form in forms:
            synonyms[form] = forms
    index: dict[tuple[str, ...], list[tuple[str, Any]]] = {}
    for info in infos:
        if info.boolean or info.type != "string":
            continue
        for value in distinct.get(info.name, []):
            if value.lower() in YES | NO:
                continue
            norms = tokenizer.norms(value)
            for form in synonyms.get(norms, [norms]):
                if form and (info.name, value) not in index.setdefault(form, []):
                    index[form].append((info.name, value))
    return index


def _as_date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
