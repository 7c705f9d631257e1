"""What each row of a table is: the words for it in the dataset's name, and the column that names the rows one by one."""

import re

from .catalog import Catalog, ColumnInfo
from .concepts import NO_THINGS

_NAMED_FILE = re.compile(r"\.(?:csv|tsv|txt|xlsx?|json|parquet|zip)$", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+|[가-힣]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LIST_OF = re.compile(r"(?:명부|명단|목록|내역|현황|정보|기록|자료|데이터|대장|통계|리스트)$")
_LONGEST_LABEL = 100
_NAMES = frozenset({"name", "title", "label", "이름", "명칭", "제목", "성명"})


def words_for_rows(name: str) -> list[str]:
    """What the dataset's name calls a row: `penguins` and `직원` of `penguins.csv` and `2024_직원명부`; the last word counts."""
    spelled = _CAMEL.sub(" ", _NAMED_FILE.sub("", name)).lower()
    words = [_LIST_OF.sub("", word) for word in _WORD.findall(spelled)]
    telling = [word for word in words if len(word) > 1 and word not in NO_THINGS]
    return telling[-1:]


def label_of(columns: list[ColumnInfo], texts: dict[str, list[str]], catalog: Catalog) -> ColumnInfo | None:
    """The first column of short texts that (nearly) every row has for itself, else of identifiers; None when there is none."""
    named = [
        c
        for c in columns
        if c.type == "string"
        and not c.boolean
        and catalog.rows > 1
        and catalog.single(c)
        and all(len(text) <= _LONGEST_LABEL for text in texts.get(c.name, [""])[:200])
    ]
    named.sort(key=lambda c: c.semantic == "identifier")
    numbered = [c for c in columns if c.semantic == "identifier" and c.distinct == catalog.rows]
    called = [c for c in columns if c.type == "string" and c.name.lower() in _NAMES and not c.boolean]
    return next(iter([*named, *called, *numbered]), None)
