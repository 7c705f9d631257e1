"""Names of places that are one place: Korean provinces and cities with and without their suffix, American states and codes."""

from collections.abc import Mapping

PROVINCES = {
    "서울": ("서울시", "서울특별시"),
    "부산": ("부산시", "부산광역시"),
    "대구": ("대구시", "대구광역시"),
    "인천": ("인천시", "인천광역시"),
    "광주": ("광주시", "광주광역시"),
    "대전": ("대전시", "대전광역시"),
    "울산": ("울산시", "울산광역시"),
    "세종": ("세종시", "세종특별자치시"),
    "경기": ("경기도",),
    "강원": ("강원도", "강원특별자치도"),
    "충북": ("충청북도",),
    "충남": ("충청남도",),
    "전북": ("전라북도", "전북특별자치도"),
    "전남": ("전라남도",),
    "경북": ("경상북도",),
    "경남": ("경상남도",),
    "제주": ("제주도", "제주시", "제주특별자치도"),
}
_STATES = """
    al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware|fl florida|ga georgia
    |hi hawaii|id idaho|il illinois|in indiana|ia iowa|ks kansas|ky kentucky|la louisiana|me maine|md maryland
    |ma massachusetts|mi michigan|mn minnesota|ms mississippi|mo missouri|mt montana|ne nebraska|nv nevada|nh newhampshire
    |nj newjersey|nm newmexico|ny newyork|nc northcarolina|nd northdakota|oh ohio|ok oklahoma|or oregon|pa pennsylvania
    |ri rhodeisland|sc southcarolina|sd southdakota|tn tennessee|tx texas|ut utah|vt vermont|va virginia|wa washington
    |wv westvirginia|wi wisconsin|wy wyoming|dc districtofcolumbia
"""
STATES = dict(entry.split() for entry in _STATES.split("|"))
TERRITORIES = frozenset(("pr", "vi", "gu", "as", "mp", "aa", "ae", "ap"))
MOSTLY = 0.9
"""So much of a column must be names of one kind before its values are taken as such."""

_PROVINCE_OF = {form: short for short, forms in PROVINCES.items() for form in (short, *forms)}
_CODE_OF = {form: code for code, name in STATES.items() for form in (code, name)}


def canonical_place(rows: Mapping[str, int]) -> dict[str, str]:
    """One name for each folded spelling of the same place, where nearly all `rows`, counted by spelling, name such places.

    Without that evidence `ny` need not be New York, nor 광주 the metropolitan city.
    """
    for names in (_PROVINCE_OF, _CODE_OF):
        known = {fold: names[fold] for fold in rows if fold in names}
        if len(known) > 1 and sum(rows[fold] for fold in known) >= MOSTLY * sum(rows.values()):
            return known
    return {}


def is_state_code(text: str) -> bool:
    """Is it the code of an American state or territory, in any case?"""
    return text.lower() in STATES or text.lower() in TERRITORIES
