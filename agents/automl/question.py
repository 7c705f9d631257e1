"""What a question wants predicted: the column or concept it names, and the kind of task it hints at."""

import re
from dataclasses import dataclass, field
from typing import Literal

from .calendar_words import read_spans
from .concepts import CONCEPTS, Concept, mentioned, tokens

Task = Literal["regression", "classification", "forecast"]

_FORECAST = re.compile(
    r"forecast|time.?series|(?:next|coming|following)\s+(?:\w+\s+)?(?:hour|day|week|month|quarter|year)"
    r"|다음\s*(?:\d|한|두|세|달|주|분기|해)|향후|앞으로|시계열|미래|내년|내달|수요\s*예측"
)
_CLASSIFY = re.compile(r"classif|분류|여부|whether|who will|which .{1,30} will|이진")
_REGRESSION = re.compile(r"regress|회귀")
_REGRESS = re.compile(r"what (?:price|drives|determines)|how much (?:is|does|would|should)|얼마")
_MODEL_OF = re.compile(r"\b(?:models?|regression|classifier) (?:for|of)\b|\bexplain\b")
_VERB = re.compile(r"\b(?:predict|forecast|classify|estimate)(?:s|ed|ing)?\b(?!\s*model)")
_ROWS = re.compile(r"\b(?:number|count) of\b|\bhow many\b|건수|횟수|[가-힣]\s?수(?=[를을가는은의도만]|\s|$)")
_DIRECT_AFTER, _DIRECT_BEFORE = 24, 8
_STOP = {
    "for",
    "by",
    "using",
    "over",
    "in",
    "from",
    "with",
    "next",
    "on",
    "based",
    "and",
    "to",
    "at",
    "given",
    "per",
    "within",
    "then",
    "so",
    "as",
    "if",
    "during",
    "when",
}
_FILLER = {
    "the",
    "a",
    "an",
    "our",
    "my",
    "your",
    "all",
    "future",
    "upcoming",
    "coming",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "hourly",
    "total",
    "whether",
    "which",
    "what",
    "how",
    "much",
    "many",
    "model",
    "models",
    "data",
    "dataset",
    "values",
    "value",
    "it",
    "this",
    "that",
    "these",
    "series",
    "results",
    "result",
    "numbers",
    "trend",
    "trends",
    "outcome",
    "outcomes",
    "target",
    "will",
    "be",
    "is",
    "are",
    "happen",
    "happens",
    "something",
    "me",
    "us",
    "please",
    "of",
    "who",
    "customer",
    "customers",
    "time",
    "column",
    "best",
    "good",
    "new",
    "days",
    "weeks",
    "months",
    "years",
    "each",
    "every",
    "performance",
}
_KO_FILLER = re.compile(
    r"^(?:데이터|모델|모형|미래|향후|앞으로|추이|추세|결과|값|수치|시계열|다음|이후|그리고|분석|정확도|정확한|고객|기반|성능|머신러닝|자동|좋은|최적의?|"
    r"이것|이를|월별|주별|일별|간단한|.*\d.*|.*(?:하고|해서|하여|하는|해줘|한|할|후|뒤|및|으로|로|년|달|개월|분기|주일?|일간?|동안의?|치))$"
)
_KO_OBJECT = re.compile(r"([가-힣\w]+?)(을|를)\s*(?:정확히|잘|미리)?\s*(?:예측|추정|분류)")


@dataclass(frozen=True)
class Wish:
    """`columns` named outright, best first; `concepts` named, best first, and the word for the first of them.

    `direct`: that word is the very object of the verb; `unknown` is a named target that is neither column nor concept;
    `rows`: something is to be counted (the number of bookings, 예약 수).
    """

    hint: Task | None
    columns: list[str] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    word: str = ""
    direct: bool = False
    unknown: str | None = None
    rows: bool = False


def read_wish(question: str, columns: list[str]) -> Wish:
    """What the question says about the target. The mention right at the verb that asks for a prediction comes first."""
    text = " ".join(question.lower().split())
    pivot, after = _pivot(text)
    named = sorted(
        (
            (_distance(position, pivot, after=after), -len(name), name)
            for name, position in _mentions(text, columns)
        )
    )
    found = [(*mentioned(concept, text), order, concept) for order, concept in enumerate(CONCEPTS)]
    concepts = sorted(
        (
            (_distance(position, pivot, after=after), order, word, concept)
            for position, word, order, concept in found
            if position >= 0
        ),
        key=lambda item: item[:2],
    )
    return Wish(
        hint=_hint(text),
        columns=[name for *_, name in named],
        concepts=[concept for *_, concept in concepts],
        word=concepts[0][2] if concepts else "",
        direct=bool(concepts) and concepts[0][0] <= (_DIRECT_AFTER if after else _DIRECT_BEFORE),
        unknown=None if named or concepts else _unknown_object(text),
        rows=bool(_ROWS.search(text)),
    )


def _hint(text: str) -> Task | None:
    if _CLASSIFY.search(text):
        return "classification"
    ahead = _FORECAST.search(text) or any(span.until for span in read_spans(text))
    by_name = _REGRESSION.search(text)
    if ahead and not by_name:
        return "forecast"
    return "regression" if by_name or _REGRESS.search(text) else None


def _pivot(text: str) -> tuple[int, bool]:
    """Position of the verb, and whether its object follows (English) or precedes it (Korean)."""
    english = _VERB.search(text) or _MODEL_OF.search(text)
    if english:
        return english.start(), True
    korean = re.search(r"예측|추정|분류", text)
    return (korean.start(), False) if korean else (len(text), False)


def _distance(position: int, pivot: int, *, after: bool) -> int:
    offset = position - pivot if after else pivot - position
    return offset if offset >= 0 else 1000 - offset


def _mentions(text: str, columns: list[str]) -> list[tuple[str, int]]:
    found = []
    for column in columns:
        words = tokens(column)
        if not words or len("".join(words)) < 2:
            continue
        joined = r"[\s_\-]*".join(map(re.escape, words))
        hangul = bool(re.search(r"[가-힣]", words[-1]))
        tail = "" if hangul else r"(?:s|es)?(?![a-z0-9])"
        hits = list(re.finditer(rf"(?<![a-z0-9]){joined}{tail}", text))
        if hits:
            found.append((column, hits[-1].start()))
    return found


def _unknown_object(text: str) -> str | None:
    verb = _VERB.search(text)
    if verb:
        words: list[str] = []
        for word in re.findall(r"[a-z_][\w'\-]*|[,.;?!]", text[verb.end() :]):
            if word in _STOP or not word[0].isalpha():
                break
            words.append(word)
        rest = [word for word in words if word not in _FILLER]
        return " ".join(rest) if 0 < len(rest) <= 3 else None
    korean = _KO_OBJECT.search(text)
    if korean and not _KO_FILLER.match(korean[1]):
        return korean[1]
    return None
