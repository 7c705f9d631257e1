"""What a column's name, unit and meaning say about the values that are possible in it, Korean and English."""

import re

from .tables import Series

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z가-힣])(?=[0-9]+$)|[^0-9A-Za-z가-힣%]+")

_SIGNED = re.compile(
    r"\b(?:profit|loss|margin|balance|change|diff|difference|delta|growth|return|returns|net|adjustment|variance|gap|residual|"
    r"score|z|temperature|temp|latitude|longitude|lat|lon|lng|elevation|altitude|roi|offset|index|flow|pnl|refund|correction)\b"
    r"|손익|이익|증감|차이|변화|변동|잔액|수익|성장|기온|온도|위도|경도|편차|환불|조정|순액|지수|점수"
)
_NEVER_NEGATIVE = re.compile(
    r"\b(?:price|msrp|qty|quantity|count|units|age|weight|height|duration|tenure|distance|stock|population|salary|wage|visits|clicks|"
    r"views|orders|sold|percentage|humidity|mileage|size|length|width|area)\b"
    r"|단가|가격|수량|건수|개수|나이|연령|급여|연봉|월급|재고|인구|무게|체중|신장|거리|기간|인원|횟수|면적|습도"
)
_AGE = re.compile(r"\bage\b|^나이$|연령$")
_PERCENT = re.compile(r"\b(?:percent|percentage|pct)\b|%|(?:비율|율|률|비중|습도)$|\bhumidity\b")
_OPEN_PERCENT = re.compile(
    r"\b(?:growth|change|return|roi|margin|exchange|index)\b|성장|증감|변화|변동|수익|환율|이자|이익|증가|감소|달성|회전"
)
_AHEAD = re.compile(
    r"\b(?:due|expiry|expires|expiration|end|planned|plan|forecast|scheduled|schedule|target|deadline|maturity|renewal|next|until|"
    r"valid|delivery|estimated)\b|만기|만료|예정|종료|마감|계획|목표|예측|갱신|유효|예상"
)


def words(name: str) -> str:
    """The name in lower-case words: `MonthlyCharges` is `monthly charges`, `price2` is `price 2`."""
    return " ".join(part for part in _CAMEL.split(name) if part).lower()


def is_signed(series: Series) -> bool:
    """Are negative values natural, by the name?"""
    return _SIGNED.search(words(series.name)) is not None


def is_never_negative(series: Series) -> bool:
    """Are negative values impossible, by name or meaning?"""
    if is_signed(series):
        return False
    return series.is_("count") or _NEVER_NEGATIVE.search(words(series.name)) is not None


def is_age(series: Series) -> bool:
    """Is it a person's age in years?"""
    return _AGE.search(words(series.name)) is not None


def is_percentage(series: Series) -> bool:
    """Is it a share of a whole, which lies between 0 and 100 %?"""
    name = words(series.name)
    if _OPEN_PERCENT.search(name):
        return False
    return series.column.unit == "%" or _PERCENT.search(name) is not None


def may_lie_ahead(series: Series) -> bool:
    """Does the date's name say that it may be in the future?"""
    return _AHEAD.search(words(series.name)) is not None


def coordinate_limit(series: Series) -> float | None:
    """90 for a latitude, 180 for a longitude, else None."""
    name = words(series.name)
    if re.search(r"\b(?:lat|latitude)\b|위도", name):
        return 90.0
    return 180.0 if re.search(r"\b(?:lon|lng|long|longitude)\b|경도", name) else None


def is_email(series: Series) -> bool:
    """Does the name say that the texts are e-mail addresses?"""
    return re.search(r"\be ?mail\b|이메일|메일 ?주소", words(series.name)) is not None


def is_fixed_length(series: Series) -> bool:
    """Does the name say that all values have one length: postal codes, telephone numbers, registration numbers?"""
    return (
        re.search(
            r"\b(?:zip|zip ?code|zipcode|postal|postcode|phone|phone ?number|issn|isbn|ssn)\b|우편|전화|사업자|주민",
            words(series.name),
        )
        is not None
    )


def is_row_number(series: Series) -> bool:
    """Does the column only number the rows: whole numbers or codes that are all different?"""
    present = series.rows - series.missing_count
    if not present or series.distinct_count < 0.98 * present:
        return False
    named = (
        re.search(r"\b(?:id|uuid|key|no|nr|index|idx|pk|number|code)\b|번호|코드", words(series.name))
        is not None
    )
    return (series.kind in ("integer", "string") and named) or series.is_("identifier")


def is_never_zero(series: Series) -> bool:
    """Is zero impossible, by the name: bodies and their measurements?"""
    return (
        re.search(
            r"\b(?:weight|height|bmi|body mass|glucose|blood ?pressure|heart ?rate|pulse|cholesterol|skin ?thickness)\b"
            r"|체중|신장|몸무게|키$|혈압|혈당|맥박|심박",
            words(series.name),
        )
        is not None
    )
