"""The order that people expect of category names: weekdays, months, sizes, grades, scales, bands; else none."""

import re
from collections.abc import Sequence

from mesh.tabular.spans import MONTHS

SCALES: tuple[tuple[str, ...], ...] = (
    ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    ("mon", "tues", "wed", "thurs", "fri", "sat", "sun"),
    ("mon", "tue", "wed", "thur", "fri", "sat", "sun"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("월", "화", "수", "목", "금", "토", "일"),
    ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"),
    tuple(name[:3] for name in MONTHS),
    MONTHS,
    ("spring", "summer", "autumn", "winter"),
    ("spring", "summer", "fall", "winter"),
    ("봄", "여름", "가을", "겨울"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
    ("small", "medium", "large", "extra large"),
    ("소형", "중형", "대형", "초대형"),
    ("소", "중", "대"),
    ("하", "중", "상"),
    ("낮음", "보통", "높음"),
    ("low", "medium", "high", "very high"),
    ("low", "mid", "high"),
    ("minor", "major", "critical"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("bronze", "silver", "gold", "platinum", "diamond", "vip"),
    ("브론즈", "실버", "골드", "플래티넘", "다이아몬드"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("매우 불만족", "불만족", "보통", "만족", "매우 만족"),
    ("매우불만족", "불만족", "보통", "만족", "매우만족"),
    ("전혀 그렇지 않다", "그렇지 않다", "보통이다", "그렇다", "매우 그렇다"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("morning", "afternoon", "evening", "night"),
    ("오전", "오후", "저녁", "밤"),
    ("month-to-month", "one year", "two year"),
    ("first", "second", "third", "fourth"),
    (
        *(
            "no schooling",
            "primary",
            "elementary",
            "middle school",
            "secondary",
            "some high school",
            "high school",
        ),
        *(
            "high school graduate",
            "below college",
            "some college",
            "college",
            "associate",
            "associate degree",
        ),
        *(
            "undergraduate",
            "bachelor",
            "bachelors",
            "bachelor's",
            "bachelor degree",
            "bachelor's degree",
            "graduate",
        ),
        *("postgraduate", "master", "masters", "master's", "master's degree", "phd", "doctor", "doctorate"),
    ),
    ("무학", "초졸", "중졸", "고졸", "전문대졸", "대졸", "대학원졸", "석사", "박사"),
    ("초등학교", "중학교", "고등학교", "전문대", "대학교", "대학원"),
    ("fair", "good", "very good", "premium", "ideal"),
    ("none", "mild", "some", "moderate", "marked", "severe"),
    ("bad", "good", "better", "best"),
    ("infant", "child", "teen", "adult", "senior"),
)
_BAND = re.compile(
    r"^\D{0,3}?(\d[\d,]*(?:\.\d+)?)\s*"
    r"(?:[-~–]\s*\d[\d,.]*\s*\D{0,3}|\+|s|대\s*(?:이상|이하)?|세\s*(?:이상|이하)?|월|분기|년|시|주차|등급|학년|"
    r"일차|단계|\s*(?:or|and) (?:more|older|over)|%)?$"
)
_RANKED = re.compile(r"^(?:q|h|grade|level|stage|step|phase|week|day|year|phase)\s*-?(\d+)$")
_UNDER = re.compile(r"^(?:<|under|below|less than|미만)|(?:미만|이하)$")


def natural_order(names: Sequence[str]) -> tuple[str, ...] | None:
    """The names in the order that their meaning gives, None when they have no such order.

    Scales (`SCALES`) need at least two of their words and no other name; numbered names (`20대`, `18-24`, `Q3`,
    `2023`) are ordered by their first number, and what is under a bound comes first.
    """
    if len(names) < 2:
        return None
    folded = {name: " ".join(name.replace("_", " ").split()).casefold() for name in names}
    for scale in SCALES:
        if all(word in scale for word in folded.values()):
            return tuple(sorted(names, key=lambda name: scale.index(folded[name])))
    places = {name: _number(word) for name, word in folded.items()}
    known = [place for place in places.values() if place is not None]
    if len(known) == len(names) and len(set(known)) == len(known):
        return tuple(sorted(names, key=lambda name: places[name] or (0.0, 0)))
    return None


def _number(word: str) -> tuple[float, int] | None:
    bare = _UNDER.sub("", word).strip()
    found = _RANKED.match(bare) or _BAND.match(bare)
    if found is None:
        return None
    return float(found.group(1).replace(",", "")), 0 if bare != word else 1
