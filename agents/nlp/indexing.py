"""Reads what is known about a dataset from its Parquet file: value index, yes-or-no columns, spellings, time span."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mesh.tabular.spelling import merge_spellings

from .catalog import Catalog, ColumnInfo, concept_table, conceptualise
from .concepts import NO, TRANSPARENT, VALUE_WORDS, YES
from .elapsed_days import day_spans
from .tokens import Token, Tokenizer

MAX_VALUES = 5000


def build_catalog(path: Path, columns: list[dict[str, str]]) -> Catalog:
    """Reads the Parquet file at `path` once, column by column.

    Args: `columns` are `{"name", "type", "semantic"}` as in the dataset's reference.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    distinct: dict[str, list[Any]] = {}
    dated: dict[str, Any] = {}
    facts: dict[str, dict[str, Any]] = {}
    for column in columns:
        values = file.read(columns=[column["name"]]).column(0)
        uniques = pc.unique(values.drop_null())
        if column["type"] in {"date", "datetime"}:
            dated[column["name"]] = values
        spellings: tuple[tuple[str, tuple[str, ...]], ...] = ()
        if len(uniques) <= MAX_VALUES and column["type"] in {"string", "boolean", "integer"}:
            distinct[column["name"]] = sorted(uniques.to_pylist(), key=str)
            spellings = _spellings(values) if column["type"] == "string" else ()
        facts[column["name"]] = {
            "distinct": len(uniques),
            "spellings": spellings,
            **_ends(values, column["type"]),
        }
    words = [v for vs in distinct.values() for v in vs if isinstance(v, str)]
    plain = Tokenizer()
    words += [c["name"] for c in columns if not _is_made_of_words(plain.tokens(c["name"]))]
    catalog = _assemble(columns, file.metadata.num_rows, distinct, facts, Tokenizer(words))
    return replace(catalog, columns=(*catalog.columns, *day_spans(list(catalog.columns), dated)))


def _is_made_of_words(tokens: list[Token]) -> bool:
    """Whether a column's name is listed words in a row; a syllable alone at its front was cut by accident (대|기|일수)."""
    first = tokens[0].text if tokens else ""
    return all(t.known for t in tokens) and not (len(first) == 1 and "가" <= first <= "힣")


def _ends(values: Any, type_name: str) -> dict[str, Any]:
    if type_name not in {"integer", "number", "date", "datetime"} or len(values) == values.null_count:
        return {}
    import pyarrow.compute as pc

    ends = pc.min_max(values).as_py()
    return {"low": ends["min"], "high": ends["max"]}


def _spellings(values: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Values that are equal but for capitals and white space: the most frequent spelling with all of them."""
    counts = {str(e["values"]): int(e["counts"]) for e in values.drop_null().value_counts().to_pylist()}
    groups: dict[str, list[str]] = {}
    for spelling, shown in merge_spellings(counts).items():
        groups.setdefault(shown, []).append(spelling)
    return tuple((shown, tuple(spellings)) for shown, spellings in groups.items())


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
                fact["spellings"],
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
