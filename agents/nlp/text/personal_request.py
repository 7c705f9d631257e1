"""What a sentence asks to be masked, and how."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mesh.results import Column
from mesh.tabular.lexicon import mentions

from .masking import Style

_EVERYTHING = re.compile(
    r"\bpii\b|\bpersonal(?:ly)?\b|\bsensitive\b|\bprivate\b|\bprivacy\b|\bidentif|\banonymi|\bde-?identif|"
    r"\bgdpr\b|개인 ?정보|민감 ?정보|식별 ?정보|신상|비식별|익명",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("email", r"e-?mails?\b|이메일|메일 ?주소"),
        ("phone", r"\b(?:tele)?phones?\b|\bmobiles?\b|전화|휴대폰|핸드폰|연락처"),
        ("resident_number", r"resident (?:registration )?numbers?|\brrns?\b|주민(?:등록)? ?번호"),
        ("card", r"\b(?:credit )?cards?\b|카드"),
        ("passport", r"\bpassports?\b|여권"),
        ("driver_licence", r"\bdriv\w+'?s? licen[cs]es?|운전 ?면허"),
        ("ssn", r"\bssns?\b|social security"),
        ("bank_account", r"\b(?:bank )?accounts?\b|계좌"),
        ("iban", r"\bibans?\b"),
        ("ip_address", r"\bip(?: address\w*)?\b|아이피"),
        ("address", r"(?<!mail )(?<!ip )\b(?:postal |home )?address(?:es)?\b|(?<!메일 )(?<!메일)주소"),
        ("birth_date", r"\bbirth|생년월일|생일"),
        ("name", r"\bnames?\b(?! of the column)|이름|성명|고객명"),
    )
)
_STYLES: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("pseudonym", re.compile(r"pseudonym|가명|\btokens?\b|tokeni[sz]", re.IGNORECASE)),
    ("label", re.compile(r"\blabels?\b|placeholders?|redact|라벨|표시로 ?바꿔|종류로", re.IGNORECASE)),
)


@dataclass(frozen=True)
class MaskRequest:
    """Columns and kinds to mask, empty for all that is certain, and how they are masked."""

    columns: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    style: Style = "partial"


def request_from(goal: str, columns: Sequence[Column]) -> MaskRequest:
    """What `goal` asks for: everything when it speaks of personal data as such, else the kinds it names, else the columns."""
    style: Style = next((name for name, pattern in _STYLES if pattern.search(goal)), "partial")
    if _EVERYTHING.search(goal):
        return MaskRequest(style=style)
    kinds = frozenset(kind for kind, pattern in _KINDS if pattern.search(goal))
    if kinds:
        return MaskRequest(kinds=kinds, style=style)
    named = frozenset(column.name for column in columns if mentions(goal, column.name))
    return MaskRequest(columns=named, style=style)
