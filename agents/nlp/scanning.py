"""Finds what a question mentions: columns, values, cues, periods, numbers — and the words that nobody knows."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from .average_words import find_averages
from .catalog import Catalog, ColumnInfo, concept_table, conceptualise
from .concepts import PEOPLE, THINGS, TRANSPARENT
from .cues import CUES, STOP
from .elapsed_days import merge_spans
from .indexing import base_of
from .magnitudes import find_comparisons
from .mentions import Mention
from .numerals import find_limits, find_moving, find_percentiles
from .periods import ambiguous_month, find_periods
from .tokens import Token, Tokenizer, root, stem

MAX_PHRASE = 5
_EARNING = frozenset({"earn", "earned"})
_TIME_UNITS = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})
_SPLIT_SUPERLATIVE = re.compile(r"(가장|제일) (\S+[이가]) (?=(?:많|적|높|낮|크|큰|작|긴|길|짧|비싼|싼))")
_NEARBY = {"revenue": "amount", "spend": "amount", "user": "customer", "customer": "user"}


@dataclass
class _Scan:
    catalog: Catalog
    table: dict[tuple[str, ...], str]
    cues: dict[tuple[str, ...], tuple[str, str]]
    names: dict[tuple[str, ...], list[ColumnInfo]] = field(default_factory=dict)
    bases: dict[tuple[str, ...], list[ColumnInfo]] = field(default_factory=dict)
    found: list[Mention] = field(default_factory=list)


def find_mentions(question: str, catalog: Catalog) -> list[Mention]:
    """The mentions of `question` in order; articles, polite forms and other empty words are left out."""
    question = _SPLIT_SUPERLATIVE.sub(r"\2 \1 ", question)
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in question)
    tokens = catalog.tokenizer.tokens(question)
    special = _special(_without(text, _numbered_values(tokens, catalog)), catalog)
    scan = _Scan(catalog, concept_table(catalog.tokenizer), _cue_table(catalog.tokenizer))
    for column in catalog.columns:
        for norms in {catalog.tokenizer.norms(spelled) for spelled in (column.name, column.name.lower())}:
            scan.names.setdefault(norms, []).append(column)
        if base := base_of(column.name):
            scan.bases.setdefault(catalog.tokenizer.norms(base), []).append(column)
    free = [t for t in tokens if not any(t.start < m.span[1] and m.span[0] < t.end for m in special)]
    at = 0
    while at < len(free):
        size, mention = _longest(free, at, question, scan)
        if mention is not None:
            scan.found.append(mention)
        at += size
    merged = sorted([*scan.found, *(m for m in special if m.kind != "passed")], key=lambda m: m.span)
    found = [_with_context(m, merged[n - 1] if n else None, tokens, text) for n, m in enumerate(merged)]
    return merge_spans(found, catalog.columns)


def _special(text: str, catalog: Catalog) -> list[Mention]:
    """Periods, comparisons and limits, found before single words are read."""
    first, last = catalog.first, catalog.last
    years = (first.year, last.year) if first and last else catalog.year_span
    found = [Mention("agg", p.text, p.span, "quantile", detail=p) for p in find_percentiles(text)]
    found += [Mention("moving", m.text, m.span, detail=m) for m in find_moving(text)]
    averages = find_averages(text)
    found += [Mention("average", a.text, a.span, detail=a) for a in averages]
    found += [Mention("passed", "", span) for a in averages for span in a.passed]
    text = _without(text, [m.span for m in found])
    found += [Mention("comparison", c.text, c.span, detail=c) for c in find_comparisons(text, years)]
    text = _without(text, [m.span for m in found])
    if years and not (first and last):
        from datetime import date

        first, last = date(years[0], 1, 1), date(years[1], 12, 31)
    periods = find_periods(text, first, last)
    found += [Mention("period", p.text, p.span, detail=p) for p in periods]
    found += [Mention("passed", "", span) for p in periods for span in p.passed]
    if month := ambiguous_month(text, periods):
        start = text.index(month)
        found.append(Mention("unknown", month, (start, start + len(month)), payload="month without a year"))
    text = _without(text, [m.span for m in found])
    return found + [Mention("limit", limit.text, limit.span, detail=limit) for limit in find_limits(text)]


def _longest(free: list[Token], at: int, question: str, scan: _Scan) -> tuple[int, Mention | None]:
    """How many tokens the best reading at `at` takes, and what it is (None for an empty word)."""
    if free[at].norm == "the":
        return 1, None
    for size in range(min(MAX_PHRASE, len(free) - at), 0, -1):
        part = free[at : at + size]
        if any(t.ending for t in part[1:-1]) or part[-1].ending:
            continue
        norms = tuple(t.norm for t in part if not t.ending)
        span = (part[0].start, part[-1].end)
        mention = _reading(norms, part, question[span[0] : span[1]], span, scan)
        if mention is not None:
            return size, mention
    token = free[at]
    if token.ending or token.norm in STOP or token.text in STOP or token.text.startswith(("=", "~")):
        return 1, None
    if token.number is not None:
        return 1, Mention("number", token.text, (token.start, token.end), detail=token.number)
    readings = (_partial_value, _thing, _rooted_value, _rooted_column, _abbreviated_column)
    found = next((m for reading in readings if (m := reading(token, scan.catalog)) is not None), None)
    return 1, found or _unknown(token, free)


def _reading(
    norms: tuple[str, ...], part: list[Token], text: str, span: tuple[int, int], scan: _Scan
) -> Mention | None:
    if part[0].ending:
        return None
    columns = _columns(norms, scan)
    thing = _thing(part[0], scan.catalog) if len(part) == 1 else None
    named = part[0].norm in scan.catalog.things and all(score < 1 for _, score in columns)
    if thing and columns and (named or not any(_heads(column, norms, scan) for column, _ in columns)):
        return replace(thing, columns=tuple(columns))
    full = tuple(c for c in columns if c[1] >= 1.0)
    cue = scan.cues.get(norms) if not text.lower().startswith("orders by") else None
    values = _values(norms, text, scan.catalog)
    if full and not (cue and cue[0] == "unit"):
        return Mention("column", text, span, columns=full)
    if values:
        return Mention("value", text, span, values=tuple(values))
    if cue:
        return Mention(cue[0], text, span, payload=cue[1], columns=full)
    if columns and not all(n in STOP and n not in _EARNING for n in norms):
        return Mention("column", text, span, columns=tuple(columns))
    concept = scan.table.get(norms)
    if concept is not None and not all(n in STOP for n in norms):
        return _stand_in(concept, text, span, scan.catalog)
    return None


def _heads(column: ColumnInfo, norms: tuple[str, ...], scan: _Scan) -> bool:
    """True when a phrase says what the column is, not what it is of (`passenger` of `passengerClass`)."""
    last = conceptualise(norms, scan.table)[-1]
    return column.concepts[-1] == last or column.semantic == "identifier" or norms in scan.bases


def _columns(norms: tuple[str, ...], scan: _Scan) -> list[tuple[ColumnInfo, float]]:
    """Columns whose name holds the phrase's concepts: score 1 for the whole name, less for a part of it."""
    if norms[0] in {"no", "type"} and len(norms) > 1:
        return []
    if norms in scan.names:
        return [(column, 1.0) for column in scan.names[norms]]
    concepts = set(conceptualise(norms, scan.table))
    core = concepts - TRANSPARENT or concepts
    scored: list[tuple[ColumnInfo, float]] = []
    for column in scan.catalog.columns:
        name = set(column.concepts)
        if core == name:
            scored.append((column, 1.0))
        elif core < name:
            scored.append((column, 0.5 + 0.3 * (column.concepts[-1] in core) + 0.1 * len(core) / len(name)))
    if not scored:
        return [(column, 0.9) for column in scan.bases.get(norms, [])]
    best = max(score for _, score in scored)
    return [(column, score) for column, score in scored if score >= best - 1e-9]


def _values(norms: tuple[str, ...], text: str, catalog: Catalog) -> list[tuple[str, Any]]:
    values = catalog.values.get(norms, [])
    if len(norms) == 1:
        word = norms[0]
        if word.replace(".", "").isdigit() or (len(word) == 1 and word.isascii()):
            return []
        if word in STOP or stem(word) in STOP:
            return [v for v in values if str(v[1]) == text]
    return values


def _abbreviated_column(token: Token, catalog: Catalog) -> Mention | None:
    """A word that exactly one column's name is short for: `highway` of `hwy`, `expectancy` of `lifeExp`."""
    if not token.norm.isascii() or len(token.norm) < 5:
        return None
    columns = [
        c
        for c in catalog.columns
        if c.days is None and any(_is_short_for(word, token.norm) for word in catalog.tokenizer.norms(c.name))
    ]
    span = (token.start, token.end)
    return Mention("column", token.text, span, columns=((columns[0], 0.65),)) if len(columns) == 1 else None


def _is_short_for(short: str, word: str) -> bool:
    """True for the first three letters and more of a word, and for three and more of its consonants in order."""
    if not 3 <= len(short) < len(word) or short[0] != word[0] or not short.isalpha():
        return False
    letters = iter(word)
    return word.startswith(short) or (
        not set(short) & set("aeiou") and all(letter in letters for letter in short)
    )


def _rooted_value(token: Token, catalog: Catalog) -> Mention | None:
    """A word of the same root as exactly one value: `rainy` for `rain`, `return` for `Returned`."""
    if not token.norm.isascii() or len(token.norm) < 4:
        return None
    hits = {
        (name, catalog.column(name).canonical(value))
        for norms, pairs in catalog.values.items()
        if len(norms) == 1
        and norms[0].isascii()
        and len(norms[0]) >= 3
        and root(norms[0]) == root(token.norm)
        for name, value in pairs
    }
    span = (token.start, token.end)
    return Mention("value", token.text, span, values=tuple(hits), partial=True) if len(hits) == 1 else None


def _rooted_column(token: Token, catalog: Catalog) -> Mention | None:
    """A word of the same root as a word of exactly one column's name (`shipped` for `ship_date`)."""
    if not token.norm.isascii() or len(token.norm) < 5:
        return None
    columns = [
        c
        for c in catalog.columns
        if c.days is None and root(token.norm) in {root(word) for word in catalog.tokenizer.norms(c.name)}
    ]
    span = (token.start, token.end)
    return Mention("column", token.text, span, columns=((columns[0], 0.75),)) if len(columns) == 1 else None


def _thing(token: Token, catalog: Catalog) -> Mention | None:
    """A word for what each row is."""
    if token.norm in catalog.things or (token.norm in THINGS and token.known):
        return Mention("thing", token.text, (token.start, token.end), payload=token.norm)
    return None


def _stand_in(concept: str, text: str, span: tuple[int, int], catalog: Catalog) -> Mention:
    """A known business word that no column is named after: a near concept's column, or `missing`."""
    near = _NEARBY.get(concept)
    columns = tuple((c, 0.6) for c in catalog.columns if near and c.concepts == (near,))
    if near == "amount" and not columns:
        totals = [c for c in catalog.columns if c.additive and c.concepts[-1] in {"amount", "total"}]
        columns = tuple((c, 0.6) for c in totals if len(totals) == 1)
    if concept == "person":
        columns = tuple((c, 0.9) for c in catalog.columns if set(c.concepts) & PEOPLE)
    norm = catalog.tokenizer.norms(text)[-1]
    if not columns and (norm in catalog.things or norm in THINGS):
        return Mention("thing", text, span, payload=norm)
    if not columns and (rooted := _rooted_column(catalog.tokenizer.tokens(text)[-1], catalog)) is not None:
        return replace(rooted, text=text, span=span)
    return Mention("column" if columns else "missing", text, span, payload=concept, columns=columns)


def _partial_value(token: Token, catalog: Catalog) -> Mention | None:
    """A word that occurs in exactly one value of the data stands for it."""
    span = (token.start, token.end)
    if token.norm in _TIME_UNITS:
        return None
    if token.known and len(token.norm) >= (4 if token.norm.isascii() else 2):
        hits = {
            (name, catalog.column(name).canonical(value))
            for norms, pairs in catalog.values.items()
            if token.norm in norms
            for name, value in pairs
        }
        if len(hits) == 1:
            return Mention("value", token.text, span, values=tuple(hits), partial=True)
    return None


def _unknown(token: Token, free: list[Token]) -> Mention:
    """A word that nobody knows, called by all of the Korean word that it was cut from but endings: `안녕하세요`, not `녕`."""
    first = last = free.index(token)
    while first > 0 and _glued(free[first - 1], free[first]):
        first -= 1
    while last + 1 < len(free) and _glued(free[last], free[last + 1]):
        last += 1
    while free[last].ending:
        last -= 1
    text = "".join(t.text for t in free[first : last + 1])
    return Mention("unknown", text, (token.start, token.end))


def _glued(left: Token, right: Token) -> bool:
    """True for two pieces of one Korean word."""
    return left.end == right.start and not left.text.isascii() and not right.text.isascii()


def _numbered_values(tokens: list[Token], catalog: Catalog) -> list[tuple[int, int]]:
    """Where values of several words that hold a digit occur, so that their digits are not read as numbers."""
    spans: list[tuple[int, int]] = []
    for at in range(len(tokens)):
        for size in range(2, MAX_PHRASE + 1):
            part = tokens[at : at + size]
            norms = tuple(t.norm for t in part)
            if len(part) == size and norms in catalog.values and any(t.number is not None for t in part):
                spans.append((part[0].start, part[-1].end))
    return spans


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return text


def _with_context(mention: Mention, before: Mention | None, tokens: list[Token], text: str) -> Mention:
    after = ""
    for token in tokens:
        if token.start >= mention.span[1]:
            if not token.ending or token.start != mention.span[1] + len(after):
                break
            after += token.text
    gap = text[before.span[1] if before else 0 : mention.span[0]]
    return replace(mention, after=after, gap=gap)


def _cue_table(tokenizer: Tokenizer) -> dict[tuple[str, ...], tuple[str, str]]:
    table: dict[tuple[str, ...], tuple[str, str]] = {}
    for cue, forms in CUES.items():
        for form in forms.split(","):
            norms = tuple(t.norm for t in tokenizer.tokens(form))
            if norms:
                table[norms] = cue
    return table
