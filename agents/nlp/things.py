"""Reads the words for what a row is (`penguins`, `직원`): the rows that are counted, or the column that names them."""

from dataclasses import replace

from .catalog import Catalog
from .concepts import ANY_THING, EVENTS, THINGS, concept_of
from .cues import COUNTING
from .draft import Draft, UnsureError
from .query import Key

_ASKED = frozenset({"desc", "asc", "limit", "nth", "first", "last"})
_BESIDE = frozenset({"column", "value", "comparison", "average", "blank", "grain", "unit"})
"""What a question has to say of the data before a word may stand for its rows."""


def place_things(draft: Draft) -> None:
    """Turns every word for the rows into the column that names them, where they are asked for by name, else into rows.

    Raises: UnsureError when a row need not be such a thing.
    """
    _days(draft)
    _ranked_by_name(draft)
    for index in draft.all("thing"):
        mention = draft.mentions[index]
        if mention.columns and not _may_be_rows(draft, index):
            draft.mentions[index] = replace(mention, kind="column")
            continue
        _require_rows(draft, index)
        label = draft.catalog.label
        if not _is_asked_for(draft, index):
            draft.mentions[index] = replace(mention, kind="rows")
        elif label is not None:
            draft.mentions[index] = replace(mention, kind="column", columns=((label, 1.0),))
        else:
            raise UnsureError(
                f'No column names each "{mention.text}".',
                f"'{mention.text}' 하나하나의 이름을 담은 열이 없습니다.",
            )


def _days(draft: Draft) -> None:
    """`how many days`, `비 온 날은 며칠`: where every row has a day of its own, days that are not asked for by date are rows."""
    time = draft.catalog.time_column
    if time is None or time.distinct != draft.catalog.rows:
        return
    for index, mention in enumerate(draft.mentions):
        if mention.text == "며칠" and not any(m.kind in {"count", "agg"} for m in draft.mentions):
            draft.mentions[index] = replace(mention, kind="count", payload="", columns=())
        elif (
            (mention.kind, mention.payload) == ("unit", "day")
            and not _grouped(draft, index)
            and not _is_asked_for(draft, index)
        ):
            draft.mentions[index] = replace(mention, kind="rows", columns=())


def _ranked_by_name(draft: Draft) -> None:
    """`top rated comedy`, `the oldest survivor`: a superlative right before a condition at the end asks which row that is."""
    last = len(draft.mentions) - 1
    while last > 0 and draft.mentions[last].kind in {"period", "from", "within"}:
        last -= 1
    if last < 1 or not (draft.mentions[last].kind == "value" or draft.is_flag(last)):
        return
    before = last - 1
    while draft.is_numeric(before) and before > 0:
        before -= 1
    superlative, between = draft.mentions[before], draft.mentions[before + 1 : last + 1]
    named = any(draft.is_dimension(n) and not draft.is_flag(n) for n in range(len(draft.mentions)))
    loose = named or draft.has("thing") or draft.has("unit") or draft.has("group") or draft.has("share")
    if superlative.kind not in {"desc", "asc"} or superlative.payload == "soft" or loose:
        return
    if any(m.gap.strip() for m in between):
        return
    if draft.catalog.label is None:
        raise UnsureError("No column names single rows.", "행 하나하나의 이름을 담은 열이 없습니다.")
    draft.query.keys.append(Key(draft.catalog.label))


def _grouped(draft: Draft, index: int) -> bool:
    return any((m := draft.at(n)) is not None and m.kind == "group" for n in (index - 1, index + 1))


def _require_rows(draft: Draft, index: int) -> None:
    """Raises: UnsureError unless the dataset is called after the thing, or can well hold one in each row."""
    mention = draft.mentions[index]
    if mention.payload in draft.catalog.things:
        return
    telling = any(m.kind in _BESIDE or (m.kind in {"desc", "asc"} and m.payload) for m in draft.mentions)
    if not telling or not _may_be_rows(draft, index):
        raise UnsureError(f'No column holds "{mention.text}".', f"'{mention.text}'에 해당하는 열이 없습니다.")
    draft.query.assume(
        f'Each row was taken as one "{mention.text}".', f"한 행을 '{mention.text}' 하나로 보았습니다.", 0.9
    )


def _may_be_rows(draft: Draft, index: int) -> bool:
    """False where one such thing may well stand in several rows: rows with dates, or with identifiers that come back."""
    payload, catalog = draft.mentions[index].payload, draft.catalog
    if _is_another(payload, catalog):
        return False
    repeated = any(c.semantic == "identifier" and c.distinct < catalog.rows for c in catalog.columns)
    return payload in catalog.things or payload in EVENTS or not (repeated or catalog.time_column is not None)


def _is_another(word: str, catalog: Catalog) -> bool:
    """True when the dataset is called after another kind of thing: there is no `customer` among `pets`."""
    known = [thing for thing in catalog.things if thing in THINGS and thing.isascii() == word.isascii()]
    same = {concept_of(thing) for thing in known}
    return bool(known) and word not in known and word not in ANY_THING and concept_of(word) not in same


def _is_asked_for(draft: Draft, index: int) -> bool:
    """`which animal`, `the heaviest animal`, `best rated movie`, and lists without any figure (`movies longer than 120`)."""
    before = draft.at(index - 1)
    if before is not None and (
        before.kind == "distinct" or (before.kind == "group" and before.payload == "which")
    ):
        return True
    others = any(
        (draft.is_dimension(n) and not draft.is_flag(n)) or draft.mentions[n].kind == "unit"
        for n in range(len(draft.mentions))
        if n != index
    )
    behind = index - 1
    while draft.is_numeric(behind) or ((m := draft.at(behind)) is not None and m.kind == "value"):
        behind -= 1
    ahead = index + 1
    while (m := draft.at(ahead)) is not None and m.kind in {"having", "who"} and not draft.has("count"):
        ahead += 1
    superlative = [m for n in (behind, ahead) if (m := draft.at(n)) is not None and m.kind in _ASKED]
    if draft.has("when") and superlative and superlative[0].kind in {"first", "last"}:
        return False
    asked = [n + 1 for n, m in enumerate(draft.mentions) if m.kind == "group" and m.payload == "which"]
    if superlative and any(map(draft.is_dimension, asked)):
        return False
    if superlative:
        return not (
            others and superlative[0].kind in {"desc", "asc"} and superlative[0].text.lower() in COUNTING
        )
    figured = {"agg", "count", "share", "rate", "group", "grain", "howmuch", "difference", *_ASKED}
    return not others and not any(m.kind in figured for m in draft.mentions)
