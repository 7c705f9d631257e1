"""The kinds of personal data that are looked for, how they are written, and what proves them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mesh.language import Language

from .checksums import (
    digits_of,
    is_card_number,
    is_iban,
    is_ipv4,
    is_ipv6,
    is_resident_date,
    is_social_security_number,
    resident_check_holds,
)

Proof = Literal["checksum", "form", "context", "column_name"]
"""What a find rests on: a check digit, a way of writing, words beside it, or the name of its column."""

_KO_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구라진민지엄채원천방공현"
    "함변염여추도석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부"
)
_KO_ROLES = (
    "구매자 이용자 지점장 주인장 배달원 상담원 상담사 소비자 경비원 안내원 간호사 이사장 조리사 전문가 여러분 "
    "고객분 은행원 여사장 남사장 공무원 봉사자 연구원 예약자 주문자 진행자 변호사 인솔자 지사장 신청자 문의자"
)
_EN_ROLES = (
    "Customer Customers Sir Madam Team Support All Friends Friend Valued Colleagues Manager Seller Buyer Santa "
    "Diary God Lord Hiring Guest Guests User Users Member Members Everyone Whoever Service Reader Readers"
)
_ROLES = frozenset(f"{_KO_ROLES} {_EN_ROLES}".split())
"""Whom people address without a name."""


@dataclass(frozen=True)
class Kind:
    """One kind: its `pattern` (the group `it`, or the whole match, is the personal part), and what must hold of that part."""

    name: str
    pattern: re.Pattern[str]
    proof: Proof
    holds: Callable[[str], bool] = lambda _text: True


def _kind(
    name: str, pattern: str, proof: Proof, holds: Callable[[str], bool] = lambda _text: True, flags: int = 0
) -> Kind:
    return Kind(name, re.compile(pattern, flags), proof, holds)


def _is_resident(text: str) -> bool:
    """With a separator a date is enough, bare digits need their check digit too."""
    digits = digits_of(text)
    return is_resident_date(digits) and (len(text) > len(digits) or resident_check_holds(digits))


def _is_international(text: str) -> bool:
    return 8 <= len(digits_of(text)) <= 15


_WALL = r"(?<![\w.+-])"
_END = r"(?![\w-]|\.\d)"
_NUMBER_END = r"(?!\d|[-.]\d|[A-Za-z])"

KINDS: tuple[Kind, ...] = (
    _kind(
        "email",
        r"(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])",
        "form",
    ),
    _kind(
        "iban",
        rf"{_WALL}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?{_END}",
        "checksum",
        is_iban,
    ),
    _kind("resident_number", rf"{_WALL}\d{{6}} ?[-–]? ?[1-8]\d{{6}}{_NUMBER_END}", "form", _is_resident),
    _kind("card", rf"{_WALL}\d(?:[ -]?\d){{12,18}}{_NUMBER_END}", "checksum", is_card_number),
    _kind("driver_licence", rf"{_WALL}(?:1[1-9]|2[0-8])-\d{{2}}-\d{{6}}-\d{{2}}{_NUMBER_END}", "form"),
    _kind("ssn", rf"{_WALL}\d{{3}}-\d{{2}}-\d{{4}}{_NUMBER_END}", "form", is_social_security_number),
    _kind(
        "passport",
        r"(?:여권|passport)[^\n\d]{0,20}?(?P<it>(?<![A-Za-z0-9])[A-Z]\d{3}[A-Z0-9]\d{4}(?!\d))",
        "context",
        flags=re.IGNORECASE,
    ),
    _kind(
        "bank_account",
        r"(?:계좌|account (?:no|number)|a/c)[^\n\d]{0,20}?(?P<it>\d[\d -]{8,18}\d)(?!\d)",
        "context",
        lambda text: 10 <= len(digits_of(text)) <= 16,
        re.IGNORECASE,
    ),
    _kind(
        "phone",
        rf"{_WALL}(?:01[016789][-. ]?\d{{3,4}}[-. ]?\d{{4}}|\(?0(?:2|[3-6]\d|70|50\d)\)?[-. )]\d{{3,4}}[-. ]\d{{4}}"
        rf"|\(?[2-9]\d{{2}}\)?[-. ][2-9]\d{{2}}[-. ]\d{{4}}|\([2-9]\d{{2}}\)[2-9]\d{{2}}-\d{{4}}){_NUMBER_END}",
        "form",
    ),
    _kind(
        "phone",
        rf"(?<![\w+])\+\d{{1,3}}[-. ]?(?:\(\d{{1,4}}\)[-. ]?)?\d{{1,4}}(?:[-. ]?\d{{2,4}}){{1,4}}{_NUMBER_END}",
        "form",
        _is_international,
    ),
    _kind(
        "ip_address",
        r"(?<![\w:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,36}(?![\w:])",
        "form",
        is_ipv6,
    ),
    _kind("ip_address", rf"{_WALL}\d{{1,3}}(?:\.\d{{1,3}}){{3}}{_NUMBER_END}", "form", is_ipv4),
    _kind(
        "address",
        r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충[북남]|충청[북남]도|전[북남]|전라[북남]도|"
        r"경[북남]|경상[북남]도|제주)"
        r"\S{0,7} (?:[가-힣]{1,6}[시군구] ?){0,2}(?:[가-힣]{1,6}[읍면] )?[가-힣0-9]{1,12}(?:로|길|동|리) "
        r"?\d{1,4}(?:-\d{1,4})?(?:번지|번길 ?\d*)?"
        r"(?:,? ?\d{1,4}동)?(?: ?\d{1,4}호)?",
        "form",
    ),
    _kind(
        "address",
        r"(?<![\w#])\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|"
        r"Dr|Court|Ct)\b\.?",
        "form",
    ),
    _kind(
        "name",
        rf"(?:이름|성명|성함|담당자|수령인|받는 ?분|예금주|보호자) ?(?:은|는|이|:|：)? "
        rf"?(?P<it>[{_KO_SURNAMES}][가-힣]{{1,2}})"
        r"(?=$|[\s,.)/]|입니다|이고|이며|님|씨|이에요|예요)",
        "context",
    ),
    _kind(
        "name",
        rf"(?<![가-힣])(?P<it>[{_KO_SURNAMES}][가-힣]{{2}}) ?(?:님|씨|고객님)(?=$|[\s,.:!?)가-힣])",
        "context",
        lambda text: text not in _ROLES,
    ),
    _kind(
        "name",
        r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof)\.? |(?i:\bmy name is |\bname: ?|\bdear ))"
        r"(?P<it>[A-Z][a-z'’-]+(?: [A-Z]\.)?(?: [A-Z][a-z'’-]+){0,2})",
        "context",
        lambda text: text.split()[0] not in _ROLES,
    ),
)

LABELS: dict[str, dict[Language, str]] = {
    "email": {"en": "e-mail address", "ko": "이메일"},
    "iban": {"en": "IBAN", "ko": "국제 계좌번호(IBAN)"},
    "resident_number": {"en": "Korean resident number", "ko": "주민등록번호"},
    "card": {"en": "card number", "ko": "카드번호"},
    "driver_licence": {"en": "Korean driver's licence", "ko": "운전면허번호"},
    "ssn": {"en": "US social security number", "ko": "미국 사회보장번호"},
    "passport": {"en": "passport number", "ko": "여권번호"},
    "bank_account": {"en": "bank account", "ko": "계좌번호"},
    "phone": {"en": "phone number", "ko": "전화번호"},
    "ip_address": {"en": "IP address", "ko": "IP 주소"},
    "address": {"en": "postal address", "ko": "주소"},
    "name": {"en": "name of a person", "ko": "사람 이름"},
    "birth_date": {"en": "date of birth", "ko": "생년월일"},
}

SPECIAL = frozenset({"resident_number", "ssn", "passport", "driver_licence", "card", "bank_account", "iban"})
"""Numbers that open a person's money or identity: the law protects them more than the rest."""

_NOT_A_PERSON = (
    r"product|item|company|file|store|shop|brand|city|country|region|column|table|host|model|category|channel|hotel|"
    r"campaign|event|team|school|field|project|department|dept|server|domain|menu|song|book|movie|game|page|app|"
    r"service|business|vendor"
)
_NAMES_OF_PEOPLE = (
    r"(?:^|[_ ])(?:full|first|last|given|family|sur|middle|customer|client|employee|patient|student|user|member|"
    r"contact|person|guest|recipient|owner|author|sender|buyer|passenger)[_ ]?name$|^(?:surname|이름|성명|성함)$|"
    r"(?:고객|회원|환자|직원|사원|학생|수령인|담당자|예약자|구매자|주문자|예금주|보호자)(?:명| ?이름| ?성명)$|"
    r"^(?:담당자|수령인|예약자|예금주)$"
)
_ADDRESSES = (
    r"^(?:(?:home|street|mailing|shipping|billing|delivery)[_ ])?address(?:[_ ]?(?:line)?[_ ]?\d)?$"
    r"|^(?:집|배송지?|자택|도로명|상세|거주지?)? ?주소$"
)
COLUMN_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("email", r"e-?mail|이메일|메일 ?주소"),
        ("resident_number", r"주민(?:등록)?번호|외국인등록번호|^rrn$|resident.?(?:no|number|registration)"),
        ("phone", r"phone|mobile|(?:^|[_ ])(?:cell|tel|fax)(?:$|[_ ])|전화|휴대폰|핸드폰|연락처"),
        ("passport", r"passport|여권"),
        ("card", r"card.?(?:no|num)|카드 ?번호"),
        ("bank_account", r"계좌|account.?(?:no|num)|bank.?account"),
        ("ssn", r"^ssn$|social.?security"),
        ("driver_licence", r"운전면허|driver.?s?.?licen[cs]e"),
        ("birth_date", r"생년월일|생일|birth.?(?:date|day)|date.?of.?birth|^(?:dob|birth)$"),
        ("address", _ADDRESSES),
        ("name", _NAMES_OF_PEOPLE),
        ("bare_name", rf"^(?!.*(?:{_NOT_A_PERSON}))(?:name|names|person|contact)$"),
    )
)

KOREAN_NAME = re.compile(rf"[{_KO_SURNAMES}][가-힣]{{1,3}}")
LATIN_NAME = re.compile(r"[A-Z][A-Za-z'’-]*\.?(?:,? [A-Z][A-Za-z'’-]*\.?){0,3}")


def label_of(kind: str, language: Language) -> str:
    """What a kind is called."""
    return LABELS[kind][language]


def looks_like_a_name(text: str) -> bool:
    """Whether a whole text has the form of a person's name: a Korean surname with one to three syllables, or capitals."""
    return bool(KOREAN_NAME.fullmatch(text) or LATIN_NAME.fullmatch(text))
