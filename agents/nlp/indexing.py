"""Reads what is known about a dataset from its Parquet file: value index, yes-or-no columns, spellings, time span."""

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mesh.tabular.glossary import VALUES
from mesh.tabular.spelling import merge_spellings

from .catalog import Catalog, ColumnInfo, concept_table, conceptualise
from .concepts import ADDED_UP, AVERAGED, CONCEPTS, NO, TRANSPARENT, WEEKDAYS, YES
from .elapsed_days import day_spans
from .rows import label_of, words_for_rows
from .tokens import Token, Tokenizer

MAX_VALUES = 5000
_MONEY = re.compile(r"[가-힣](?:비|료|금|액)$")
_WRITTEN_AS = re.compile(r"(?:여부|유무|일자|날짜|일시|시각|일|번호|이름|명)$")
SURE = 0.6
"""Up to this confidence nothing but the type says that a number is a measure."""


def build_catalog(path: Path, columns: list[dict[str, Any]], name: str = "") -> Catalog:
    """Reads the Parquet file at `path` once, column by column.

    Args: `columns` are `{"name", "type", "semantic"}` as in the dataset's reference, with or without `confidence`; `name` is
    the dataset's name.
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
            "blanks": values.null_count,
            "zeros": column["type"] in {"integer", "number"} and bool(pc.any(pc.equal(uniques, 0)).as_py()),
            **_ends(values, column["type"]),
        }
    words = [v for vs in distinct.values() for v in vs if isinstance(v, str)]
    plain = Tokenizer()
    words += [c["name"] for c in columns if not _is_made_of_words(plain.tokens(c["name"]))]
    words += [base_of(c["name"]) for c in columns]
    rows = words_for_rows(name)
    catalog = _assemble(columns, file.metadata.num_rows, distinct, facts, Tokenizer([*words, *rows]))
    return replace(
        catalog,
        columns=(*catalog.columns, *day_spans(list(catalog.columns), dated)),
        things=frozenset(norm for word in rows for norm in catalog.tokenizer.norms(word)),
        label=label_of(list(catalog.columns), distinct, catalog),
    )


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
        concepts = (
            ("weekday",)
            if is_weekdays(distinct.get(name, []))
            else _core(tokenizer.norms(name), table, numeric=numeric)
        )
        infos.append(
            ColumnInfo(
                name,
                column["type"],
                column["semantic"],
                concepts,
                fact["distinct"],
                yes,
                no,
                float(fact["low"]) if numeric and "low" in fact else None,
                float(fact["high"]) if numeric and "high" in fact else None,
                fact["spellings"],
                averaged=_is_averaged(column, concepts),
                blanks=fact["blanks"],
                zeros=fact["zeros"],
            )
        )
    time = next((c.name for c in infos if c.temporal), None)
    low, high = (facts[time].get("low"), facts[time].get("high")) if time else (None, None)
    return Catalog(
        tuple(infos), rows, _value_index(infos, distinct, tokenizer), tokenizer, _as_date(low), _as_date(high)
    )


def base_of(name: str) -> str:
    """What a Korean column's name is about, without the word for how it is written: `퇴사` of `퇴사여부`, `가입` of `가입일`."""
    return _WRITTEN_AS.sub("", name) if len(_WRITTEN_AS.sub("", name)) > 1 else ""


def _core(norms: tuple[str, ...], table: dict[tuple[str, ...], str], *, numeric: bool) -> tuple[str, ...]:
    """A name in concepts; a number called a time is a duration, and a Korean name of one unknown word is what its end says."""
    concepts = conceptualise(norms, table)
    if len(concepts) == 1 and concepts[0] not in CONCEPTS and "가" <= concepts[0][:1] <= "힣":
        ends = [at for at in range(1, len(concepts[0]) - 1) if (concepts[0][at:],) in table]
        if ends:
            head, tail = concepts[0][: ends[0]], concepts[0][ends[0] :]
            concepts = (table.get((head,), head), table[(tail,)])
    if numeric and concepts[-1] == "time":
        concepts = (*concepts[:-1], "duration")
    return tuple(c for c in concepts if c not in TRANSPARENT) or concepts


def _is_averaged(column: dict[str, Any], concepts: tuple[str, ...]) -> bool:
    """True for what belongs to single things (salaries, lengths), and for numbers of which nothing says that they add up."""
    if column["semantic"] != "measure" or set(concepts) & ADDED_UP or _MONEY.search(column["name"]):
        return False
    confidence = column.get("confidence")
    return (confidence is not None and confidence <= SURE) or bool(set(concepts) & AVERAGED)


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
    for row in VALUES:
        forms = [tokenizer.norms(form) for form in row]
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
            days = [(day,) for names in WEEKDAYS if value.lower() in names for day in names]
            for form in days if info.concepts == ("weekday",) else synonyms.get(norms, [norms]):
                if form and (info.name, value) not in index.setdefault(form, []):
                    index[form].append((info.name, value))
    return index


def is_weekdays(values: list[Any]) -> bool:
    """True for values that are all days of the week."""
    days = [value.lower() if isinstance(value, str) else "" for value in values]
    return len(days) > 1 and all(any(day in names for names in WEEKDAYS) for day in days)


def _as_date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
