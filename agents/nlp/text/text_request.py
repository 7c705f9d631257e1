"""What a sentence asks to be read in texts."""

import re
from typing import Literal, get_args

Aspect = Literal["sentiment", "topics", "keywords", "summary", "similar", "patterns"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
_FEELING = (
    r"sentiment|emotion|mood|\btone\b|polarity|positiv|negativ|\bfeel|opinion|complain|prais|dislik|\blov|"
    r"\bhat|happy|"
    r"angry|satisf|감성|감정|긍정|부정|불만|불평|칭찬|호불호|여론|반응|만족|좋아하|싫어하"
)
_ABOUT = (
    r"topic|theme|cluster|group(?:ed)? (?:the|by)|categori|talk|complain|prais|\bsay\b|"
    r"주제|토픽|군집|묶|화제|이야기|얘기|불만|불평|칭찬"
)
_ALIKE = (
    r"duplicat|similar|alike|copied|copy-?past|spam|same (?:text|review|comment)|"
    r"중복|비슷|똑같|거의 ?같|베낀|복붙|도배"
)
_SAID: tuple[tuple[Aspect, re.Pattern[str]], ...] = (
    ("sentiment", re.compile(_FEELING, re.IGNORECASE)),
    ("topics", re.compile(_ABOUT, re.IGNORECASE)),
    ("keywords", re.compile(r"key ?(?:word|phrase)|\bterms\b|키워드|핵심어|핵심 ?단어|단어", re.IGNORECASE)),
    ("summary", re.compile(r"summar|quote|digest|요약|정리|인용|대표 ?(?:문장|글|리뷰)", re.IGNORECASE)),
    ("similar", re.compile(_ALIKE, re.IGNORECASE)),
    (
        "patterns",
        re.compile(
            r"pattern|entit|\blinks?\b|urls?\b|\bcodes?\b|hashtag|개체|패턴|링크|해시태그|"
            r"코드",
            re.IGNORECASE,
        ),
    ),
)


def aspects_of(goal: str) -> tuple[Aspect, ...]:
    """The aspects that a question names, in the order of `ASPECTS`; all when it names none."""
    named = tuple(aspect for aspect, pattern in _SAID if pattern.search(goal))
    return named or ASPECTS
