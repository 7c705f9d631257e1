"""Words in column names, Korean and English, that tell what a column's values mean."""

import re
from typing import Literal

Meaning = Literal["identifier", "measure", "intensive", "count", "geo", "place", "period", "category", "text"]

_ENGLISH_TEXT: dict[Meaning, str] = {
    "identifier": """
        id uuid guid key code no sku isbn ssn barcode serial email phone tel mobile index idx
        pk subject patient participant respondent idno idnum caseid userid personid customerid orderid productid itemid
    """,
    "intensive": """
        price msrp rate ratio percent percentage pct share avg average mean median score rating
        age temperature temp humidity pressure speed velocity density index yield margin roi
        ctr cvr probability prob height weight bmi tenure duration latency frequency voltage
        discount level grade rank stddev std variance wage per hourly interest radius width
        depth size ph salinity altitude elevation gpa satisfaction likelihood close closing high low
        experience years months weeks days odds slope angle brightness concentration conc ppm dose dosage pulse
        length thickness diameter mass mpg accuracy occupancy inflation cpi iq acceleration
    """,
    "count": """
        count cnt freq quantity qty units num number visits visitors clicks views impressions orders
        purchases sessions users customers passengers votes births deaths cases headcount stock
        inventory sold pieces items tickets population followers likes downloads installs employees
        students subscribers transactions calls errors events beds rooms seats bookings goals
    """,
    "measure": """
        sales revenue amount amt cost costs total sum profit income spend spending expense
        expenses budget payment charge charges fee fees tax value turnover loss volume gmv
        salary balance gross net distance energy consumption production usage rainfall precipitation
        output calories debt assets liabilities capital donation hours minutes seconds
    """,
    "geo": """
        lat latitude lon lng long longitude geometry geohash zip zipcode postcode postal
    """,
    "place": """
        country nation city region state province county district area location address place
        territory iso iso2 iso3 fips
    """,
    "period": """
        year yr month quarter week weekday hour dayofweek dow fy day wday mday yday
    """,
    "category": """
        type category class group segment status gender sex department dept channel brand
        product model method contract plan tier flag kind material store branch team name
        treatment treat trt arm block plot site species variety strata stratum cluster batch race ethnicity
    """,
    "text": """
        comment comments description review note notes text message content body title remark
        remarks memo
    """,
}
_ENGLISH = {meaning: frozenset(words.split()) for meaning, words in _ENGLISH_TEXT.items()}

_KOREAN: tuple[tuple[Meaning, str], ...] = (
    ("geo", r"(?:위도|경도|우편번호|좌표)$"),
    ("place", r"(?:지역|국가|행정|시군구|시도|법정동)코드$"),
    ("category", r"(?:연령|나이|가격|금액|점수|소득)대$"),
    (
        "identifier",
        r"(?:번호|아이디|식별자|일련|코드|이메일|전화|휴대폰|핸드폰|연락처|연번|순번|사번|학번)$|^(?:no|id)$",
    ),
    (
        "intensive",
        (
            r"(?:단가|가격|정가|판매가|원가율|율|률|비율|비중|나이|연령|온도|기온|습도|기압|속도|평균|점수|평점|등급|지수|농도|"
            r"(?:만족|선호|난이|중요|청결|친절|신뢰|충성|몰입|정확|완성|인지|각|고|경사)도|종가|시가|고가|저가|연수|년수|연차|"
            r"키|신장|체중|몸무게|밀도|금리|환율|확률|순위|시급|면적당|할인|기간|근속|압력|수위|강도|평가)$"
        ),
    ),
    (
        "measure",
        (
            r"(?:매출|매출액|금액|비용|이익|수익|손익|합계|총액|예산|판매액|급여|연봉|월급|지출|수입|원가|세금|요금|수수료|거래액|"
            r"사용량|생산량|발전량|판매량|소비량|강수량|거래량|적립금|잔액|결제액|주문액|값|액)$"
        ),
    ),
    (
        "count",
        r"(?:수량|건수|개수|갯수|명수|인원|횟수|방문자|조회수|클릭수|주문수|판매수|재고|인구|세대수|수)$",
    ),
    (
        "place",
        r"(?:국가|나라|도시|지역|시도|시군구|구|동|주소|소재지|권역|지점위치|행정구역|거주지|출신지|원산지|산지|목적지|출발지|도착지|출발역|도착역)$",
    ),
    ("period", r"(?:연도|년도|월|분기|주차|요일|시간대|년)$"),
    (
        "category",
        r"(?:구분|분류|유형|종류|카테고리|성별|부서|상태|채널|브랜드|상품|제품|상품명|제품명|모델|매장|지점|등급명|이름|명)$",
    ),
    ("text", r"(?:내용|설명|리뷰|후기|의견|비고|메모|댓글|제목|코멘트)$"),
)
_KOREAN_PATTERNS = tuple((meaning, re.compile(pattern)) for meaning, pattern in _KOREAN)

_ADDS_UP = re.compile(r"(?:^|_)(?:total|sum|gross|net|extended|cumulative)(?:_|$)|^총|합계$|총액")
_AVERAGES = re.compile(
    r"(?:^|_)(?:avg|average|mean|median|min|max|rate|ratio|pct|percent|per|unit)(?:_|$)|평균|당|율$|률$|^단"
)
_QUANTITIES = frozenset({"intensive", "measure", "count"})
_TELLING_LAST = frozenset({"identifier", "geo", "period", "text", "place", "category"})
"""Meanings that a last word gives to the whole name: a `sales region` is a region."""
_ENDINGS = re.compile(
    r".(score|price|ratio|rate|wage|income|sales|year|temp|weight|height|speed|percent|pct)$"
)
"""Words that tell the meaning of a word made with them: `riskscore`, `hprice`."""
_NUMBER = frozenset({"number", "num"})
_OF_SOMETHING = frozenset({"of", "per", "by", "in"})
"""Words after which the last word only says of what: a `number of products` is a number."""
_POSTAL = frozenset({"zip", "zipcode", "postcode", "postal", "postalcode"})
_SEPARATORS = re.compile(r"[^0-9A-Za-z가-힣%]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PRIORITY: tuple[Meaning, ...] = (
    "geo",
    "identifier",
    "period",
    "text",
    "intensive",
    "measure",
    "count",
    "place",
    "category",
)


def words_of(name: str) -> list[str]:
    """Lower-case words of a column name: `MonthlyCharges` and `monthly_charges` are `monthly`, `charges`."""
    parts = _SEPARATORS.split(name.replace("%", " percent "))
    return [word.lower() for part in parts for word in _CAMEL.split(part) if word]


def meaning_of(name: str) -> Meaning | None:
    """What the name alone says, or None. The last telling word decides: `price_total` adds up, `unit price` does not."""
    words = words_of(name)
    korean = re.sub(r"\(.*?\)|\s+", "", name)
    if re.search("[가-힣]", korean):
        return _korean_meaning(korean)
    joined = "_".join(words)
    if _POSTAL & set(words):
        return "geo"
    if len(words) > 1 and words[-1] in _NUMBER and _english_meaning(words[-2]) not in _QUANTITIES:
        return "identifier"
    found = [meaning for word in reversed(words) if (meaning := _english_meaning(word))]
    if not found:
        return None
    counted = bool(_OF_SOMETHING & set(words)) and found[-1] in _QUANTITIES
    if _QUANTITIES & set(found) and (counted or found[0] not in _TELLING_LAST):
        return _quantity(found, joined)
    return found[0]


def _quantity(found: list[Meaning], joined: str) -> Meaning:
    if _AVERAGES.search(joined):
        return "intensive"
    if _ADDS_UP.search(joined):
        return "measure"
    return next((m for m in found if m in ("intensive", "measure", "count")), found[0])


def _korean_meaning(name: str) -> Meaning | None:
    if name.endswith(("점수", "지수")):
        return "intensive"
    for meaning, pattern in _KOREAN_PATTERNS:
        if pattern.search(name):
            if meaning in ("intensive", "measure", "count"):
                return (
                    "intensive" if _AVERAGES.search(name) else "measure" if _ADDS_UP.search(name) else meaning
                )
            return meaning
    return None


def _english_meaning(word: str) -> Meaning | None:
    bare = word.rstrip("0123456789")
    for candidate in (word, word.removesuffix("s"), bare):
        for meaning in _PRIORITY:
            if candidate in _ENGLISH[meaning]:
                return meaning
    made = _ENDINGS.search(word)
    return _english_meaning(made.group(1)) if made else None
