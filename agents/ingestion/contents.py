"""What texts are by themselves, whatever their column is called: names of places, or ways to reach somebody."""

import re
from collections.abc import Sequence
from typing import Literal

Content = Literal["place", "contact", ""]

_MOSTLY = 0.9
_MIN_DIFFERENT = 2

_PROVINCES = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_LONG_PROVINCES = "충청북|충청남|전라북|전라남|경상북|경상남"
_KOREAN_PLACE = re.compile(
    rf"^(?:(?:{_PROVINCES}|{_LONG_PROVINCES})(?:특별시|광역시|특별자치시|특별자치도|도|시)?(?:\s\S+[시군구].*)?|전국|해외)$"
)
_DISTRICT = re.compile(r"^(?:\S+(?:시|도) )?(?:[가-힣]{2,4}(?:시|군|구)|[중동서남북]구)$")
"""A city, county or district; one of a single syllable is named for its side of the city (중구), and 축구 is none."""

_COUNTRY_TEXT = """
korea|south korea|republic of korea|north korea|japan|china|taiwan|hong kong|singapore|malaysia|thailand|vietnam|indonesia
philippines|india|pakistan|bangladesh|australia|new zealand|usa|us|u.s.|united states|united states of america|canada|mexico
brazil|argentina|chile|colombia|peru|uk|united kingdom|england|scotland|ireland|france|germany|italy|spain|portugal
netherlands|belgium|switzerland|austria|sweden|norway|denmark|finland|iceland|poland|czech republic|czechia|hungary|romania
bulgaria|greece|turkey|russia|ukraine|israel|egypt|saudi arabia|uae|united arab emirates|qatar|kuwait|iran|iraq|south africa
nigeria|kenya|ethiopia|ghana|morocco|algeria|tunisia
대한민국|한국|북한|일본|중국|대만|홍콩|싱가포르|말레이시아|태국|베트남|인도네시아|필리핀|인도|호주|뉴질랜드|미국|캐나다
멕시코|브라질|아르헨티나|칠레|영국|아일랜드|프랑스|독일|이탈리아|스페인|포르투갈|네덜란드|벨기에|스위스|오스트리아|스웨덴
노르웨이|덴마크|핀란드|폴란드|체코|헝가리|그리스|터키|튀르키예|러시아|우크라이나|이스라엘|이집트|사우디아라비아|남아프리카공화국
"""
_COUNTRIES = frozenset(re.split(r"[|\n]", _COUNTRY_TEXT.strip()))
_STATE_TEXT = """
alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa
kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada
new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island
south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming
"""
_CITY_TEXT = """
seoul|busan|incheon|daegu|daejeon|gwangju|ulsan|sejong|suwon|jeju|tokyo|osaka|beijing|shanghai|london|paris|berlin|madrid
rome|amsterdam|vienna|new york city|los angeles|chicago|houston|san francisco|boston|seattle|toronto|sydney|melbourne|mumbai
delhi|bangkok|hanoi|jakarta|manila|dubai|moscow|istanbul|cairo
"""
_NAMED = _COUNTRIES | frozenset(re.split(r"[|\n]", f"{_STATE_TEXT.strip()}\n{_CITY_TEXT.strip()}"))
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", re.IGNORECASE)
_PHONE = re.compile(r"^(?:\+\d{1,3}[ -]?)?(?:\(0?\d{1,4}\)[ -]?|0\d{1,2}[ -]|\d{2,4}[ -])\d{3,4}[ -]?\d{4}$")


def content_of(values: Sequence[str]) -> Content:
    """What nearly all of some different values of a column are.

    A few place names (countries, states, large cities) are known; a name of the Korean administration is told by its form.
    """
    texts = [value.strip() for value in values if value and value.strip()]
    if len(texts) < _MIN_DIFFERENT:
        return ""
    needed = _MOSTLY * len(texts)
    if sum(_EMAIL.match(text) is not None or _PHONE.match(text) is not None for text in texts) >= needed:
        return "contact"
    known = sum(text.lower() in _NAMED or _KOREAN_PLACE.match(text) is not None for text in texts)
    if known >= needed or (len(texts) > _MIN_DIFFERENT and _are_districts(texts)):
        return "place"
    return ""


def _are_districts(texts: Sequence[str]) -> bool:
    """Are all names of cities, counties or districts? Where all end in 군 they may be groups: 대조군, 실험군."""
    return all(_DISTRICT.match(text) for text in texts) and not all(text.endswith("군") for text in texts)
