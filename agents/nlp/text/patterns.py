"""Things in texts that are recognised by how they are written: links, sums of money, dates, codes, and personal data."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .masking import mask_value
from .personal_scan import find_personal

TOP = 5
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "link",
        re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]|www\.[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]"),
    ),
    (
        "money",
        re.compile(
            r"(?:[₩$€£¥]|US\$|USD |EUR |KRW )\d[\d,]*(?:\.\d+)?(?:[kKmM]\b)?"
            r"|\d[\d,]*(?:\.\d+)?(?:천|만|억|백만|천만)? ?원(?![가-힣]{2})|\d[\d,]*(?:\.\d+)? ?(?:dollars?|"
            r"euros?|USD|EUR|KRW|달러|유로)\b"
        ),
    ),
    (
        "date",
        re.compile(
            r"\b(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}\b|(?:(?:19|20)?\d\d년 ?)?\d{1,2}월 ?\d{1,2}일"
            rf"|\b(?:{_MONTHS})[a-z]* \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d\b|\b\d{{1,2}} "
            rf"(?:{_MONTHS})[a-z]* (?:19|20)\d\d\b"
        ),
    ),
    (
        "code",
        re.compile(
            r"(?<![\w-])(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d\d)[A-Z0-9]{2,}(?:-[A-Z0-9]+){0,3}(?![\w-])"
        ),
    ),
    ("percentage", re.compile(r"\d+(?:\.\d+)? ?(?:%|퍼센트|percent\b)")),
    ("hashtag", re.compile(r"(?<![\w&])#[^\W\d_][\w가-힣]*")),
    ("mention", re.compile(r"(?<![\w.@])@[A-Za-z_]\w{1,30}(?![\w.]*@)")),
)


def find_patterns(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Each kind that occurs: in how many texts, how often, and its most frequent values; personal data only masked.

    A stretch of text is of one kind: personal data first, then in the order of `PATTERNS`.
    """
    held: dict[str, Counter[str]] = {}
    texts_with: Counter[str] = Counter()
    for text, times in Counter(texts).items():
        kinds = set()
        rest = text
        for span in reversed(find_personal(text)):
            kinds.add(span.kind)
            shown = mask_value(text[span.start : span.end], span.kind)
            held.setdefault(span.kind, Counter())[shown] += times
            rest = f"{rest[: span.start]} {rest[span.end :]}"
        for kind, pattern in PATTERNS:
            for match in pattern.finditer(rest):
                kinds.add(kind)
                held.setdefault(kind, Counter())[match.group()] += times
            rest = pattern.sub(" ", rest)
        texts_with.update(dict.fromkeys(kinds, times))
    order = sorted(held, key=lambda kind: (-texts_with[kind], kind))
    return [
        {
            "kind": kind,
            "texts": texts_with[kind],
            "count": held[kind].total(),
            "values": [
                {"value": value, "count": count}
                for value, count in sorted(held[kind].items(), key=lambda item: (-item[1], item[0]))[:TOP]
            ],
        }
        for kind in order
    ]
