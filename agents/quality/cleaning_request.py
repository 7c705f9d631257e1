"""What a person wants cleaned: from parameters, else from the words of the question."""

import re
from dataclasses import dataclass
from typing import Literal

Missing = Literal["leave", "drop_rows", "median_mode", "mean_mode", "interpolate"]
OutlierTreatment = Literal["leave", "flag", "clip", "drop_rows"]
Duplicates = Literal["leave", "exact", "near"]

HIGH_CONFIDENCE = 0.85
"""Repairs from this confidence on are made unasked."""
ASKED_CONFIDENCE = 0.5
"""Repairs of kinds that were asked for are made from here on."""


@dataclass(frozen=True)
class Request:
    """What to do. `kinds` are the kinds of cell errors to repair: None is all of them, empty is none.

    `repeats_named` says that repeated rows were asked to go, so that those go as well which may be different cases.
    """

    kinds: frozenset[str] | None = None
    min_confidence: float = HIGH_CONFIDENCE
    missing: Missing = "leave"
    outliers: OutlierTreatment = "leave"
    duplicates: Duplicates = "exact"
    repeats_named: bool = False

    def repairs(self, kind: str) -> bool:
        """Whether errors of this kind are to be repaired."""
        return self.kinds is None or kind in self.kinds


_REMOVE = r"(?:remov|drop|delet|eliminat|discard|exclud|get rid)\w*|제거|삭제|지워|지우|없애|버리"
_FILL = r"(?:fill|imput|replac|complet)\w*|채워|채우|대체|메워|보완"
_MISSING = r"missing|nulls?\b|nan\b|blanks?|empty|gaps?\b|결측|빈 ?값|빈 ?칸|비어|누락|공란|널"
_OUTLIERS = r"outliers?|extreme|anomal\w+|이상치|이상값|극단"
_DUPLICATES = r"duplicat\w*|dedup\w*|repeated|중복"
_SPELLINGS = r"spell\w*|typos?|variants?|capitali[sz]\w*|white ?space|표기|오타|철자|대소문자|공백"
_FORMATS = r"formats?\b|dates? format|형식|포맷|서식"
_WHOLE = r"clean\w*|tidy|scrub|정제|클렌징|클리닝|전처리|깨끗|손질|정돈"
_KINDS = {
    _SPELLINGS: ("string_variants", "possible_typo"),
    _FORMATS: ("format_deviation", "mixed_dates", "invalid_format"),
    _MISSING: ("disguised_missing", "determined_missing"),
}


def request_from(question: str) -> Request:
    """What the question asks for; a question that only says to clean gets what is safe: sure repairs and exact duplicates.

    One that names things to do (remove the duplicates, fill the missing values) and does not ask for a general cleaning gets
    these and nothing else.
    """
    text = question.lower()
    missing, outliers = _missing(text), _outliers(text)
    duplicated = bool(re.search(_DUPLICATES, text))
    duplicates: Duplicates = (
        "near" if duplicated and re.search(r"near|similar|fuzzy|유사|비슷", text) else "exact"
    )
    kinds = frozenset(kind for words, named in _KINDS.items() if re.search(words, text) for kind in named)
    specific = bool(kinds or duplicated or missing != "leave" or outliers != "leave")
    if not specific or re.search(_WHOLE, text):
        return Request(missing=missing, outliers=outliers, duplicates=duplicates, repeats_named=duplicated)
    return Request(
        kinds=kinds,
        min_confidence=ASKED_CONFIDENCE,
        missing=missing,
        outliers=outliers,
        duplicates=duplicates if duplicated else "leave",
        repeats_named=duplicated,
    )


def wants_preview(question: str) -> bool:
    """Whether the question asks what cleaning would change, not to change it."""
    return (
        re.search(r"\bpreview\b|would change|what would|dry run|미리 ?보|바뀌는지|바뀔지", question.lower())
        is not None
    )


def _near(text: str, verbs: str, things: str) -> bool:
    """Whether a clause of the text says to do this with those."""
    return any(re.search(verbs, clause) and re.search(things, clause) for clause in _clauses(text))


def _clauses(text: str) -> list[str]:
    return re.split(r"[.;]|,|\band\b|\bthen\b|(?<=하)고|고 |한 ?(?:뒤|다음|후)|및 ", text)


def _missing(text: str) -> Missing:
    if re.search(r"interpolat\w*|보간", text):
        return "interpolate"
    if _near(text, _REMOVE, _MISSING):
        return "drop_rows"
    if not _near(text, _FILL, _MISSING):
        return "leave"
    return "mean_mode" if re.search(r"\bmean\b|average|평균", text) else "median_mode"


def _outliers(text: str) -> OutlierTreatment:
    if _near(text, r"clip|cap\b|capp|winsor\w*|limit|자르|잘라|제한|상한", _OUTLIERS):
        return "clip"
    if _near(text, _REMOVE, _OUTLIERS):
        return "drop_rows"
    return "flag" if _near(text, r"flag|mark|label|표시", _OUTLIERS) else "leave"
