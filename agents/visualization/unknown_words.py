"""Words that stand where a column is named, and are none."""

import re

from mesh.tabular.lexicon import CONCEPTS, concepts_of, says

from .table import Table

_KOREAN = re.compile(r"(?<![가-힣|])([가-힣]{2,8})별(?:로|\s|$)")
_ENGLISH = re.compile(
    r"\b(?:grouped by|coloured by|colored by|split by|by) (?:the )?([a-z][a-z_]{2,20})(?![a-z|])"
)
_NO_COLUMN = {
    *(
        "default",
        "itself",
        "size",
        "value",
        "amount",
        "total",
        "far",
        "itself",
        "hand",
        "using",
        "showing",
        "means",
        "way",
    ),
    *(
        "color",
        "colour",
        "name",
        "means",
        "each",
        "its",
        "their",
        "percent",
        "count",
        "number",
        "mean",
        "average",
        "median",
    ),
    *("drawing", "plotting", "group", "groups", "largest", "smallest", "time", "period"),
    *("종류", "항목", "그룹", "개", "구", "특", "차", "기간", "시간", "유형", "성", "이", "식", "판", "선"),
}


AMOUNTS = (
    "revenue",
    "profit",
    "cost",
    "quantity",
    "price",
    "charge",
    "discount",
    "rating",
    "salary",
    "income",
)
"""The concepts of `mesh.tabular.lexicon` that name what is calculated."""


def unknown_amounts(spoken: str, table: Table) -> tuple[str, ...]:
    """Words for an amount, such as `매출` or `profit`, that no column has; `spoken` as for `unknown_words`."""
    held = {concept for column in table.columns for concept in concepts_of(column.name)}
    terms = [term for concept in AMOUNTS if concept not in held for term in CONCEPTS[concept][0]]
    return tuple(term for term in terms if says(spoken, term))


def unknown_words(spoken: str) -> tuple[str, ...]:
    """What the text groups by that is no column: `spoken` has everything understood blanked out."""
    found = [*_KOREAN.findall(spoken), *_ENGLISH.findall(spoken)]
    words = [word for word in found if word not in _NO_COLUMN]
    return tuple(dict.fromkeys(words))
