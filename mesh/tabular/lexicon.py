"""What people call things in Korean and English, and which column names mean the same."""

import re

from .glossary import GLOSSARY, ONLY_IN_NAMES

CONCEPTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "revenue": (
        ("매출", "판매액", "판매금액", "수입", "revenue", "sales", "turnover"),
        ("revenue", "sales", "turnover", "amount", "매출", "판매액", "판매금액", "금액"),
    ),
    "profit": (("이익", "수익", "마진", "profit", "margin"), ("profit", "margin", "이익", "수익", "마진")),
    "cost": (
        ("비용", "원가", "지출", "cost", "expense", "spend"),
        ("cost", "expense", "spend", "비용", "원가"),
    ),
    "quantity": (
        ("수량", "판매량", "판매수", "주문수", "quantity", "units", "volume"),
        ("quantity", "qty", "units", "volume", "수량", "판매량"),
    ),
    "price": (
        ("가격", "단가", "비싼", "비싸", "price", "cheaper", "expensive"),
        ("price", "단가", "가격", "msrp"),
    ),
    "charge": (("요금", "청구", "charge", "fee", "bill"), ("charge", "fee", "요금", "청구")),
    "discount": (("할인", "discount"), ("discount", "할인")),
    "rating": (("평점", "점수", "만족도", "rating", "score"), ("rating", "score", "평점", "점수", "만족")),
    "age": (("나이", "연령", "age", "older", "younger"), ("age", "나이", "연령")),
    "salary": (
        ("급여", "연봉", "임금", "salary", "wage", "pay", "paid", "earn"),
        ("salary", "wage", "급여", "연봉"),
    ),
    "temperature": (("온도", "기온", "temperature"), ("temperature", "temp", "온도", "기온")),
    "tenure": (("가입기간", "가입 기간", "근속", "tenure"), ("tenure", "가입기간", "근속")),
    "region": (
        ("지역", "도시", "시도", "국가", "region", "city", "country", "area", "state"),
        ("region", "city", "country", "area", "state", "province", "지역", "도시", "시도", "국가"),
    ),
    "store": (
        ("지점", "매장", "점포", "store", "branch", "shop"),
        ("store", "branch", "shop", "지점", "매장"),
    ),
    "product": (
        ("상품", "제품", "품목", "모델", "product", "item", "model"),
        ("product", "item", "model", "sku", "상품", "제품", "품목", "모델"),
    ),
    "category": (
        ("카테고리", "분류", "범주", "종류", "유형", "category", "segment"),
        ("category", "segment", "type", "class", "카테고리", "분류", "유형"),
    ),
    "channel": (("채널", "경로", "channel"), ("channel", "채널")),
    "customer": (("고객", "회원", "customer", "client"), ("customer", "client", "고객", "회원")),
    "promotion": (
        ("프로모션", "판촉", "행사", "promotion", "campaign"),
        ("promotion", "promo", "campaign", "프로모션", "판촉", "행사"),
    ),
    "brand": (("브랜드", "brand"), ("brand", "브랜드")),
    "status": (("상태", "status"), ("status", "상태")),
    "income": (("소득", "income"), ("income", "소득")),
    "inventory": (("재고", "inventory", "stock"), ("inventory", "stock", "재고")),
    "order": (("주문", "order"), ("order", "주문")),
    "visit": (("방문", "visit"), ("visit", "방문")),
    "weight": (
        ("무게", "몸무게", "체중", "중량", "무거", "가벼", "weight", "mass", "heavier", "lighter"),
        ("weight", "wt", "mass", "무게", "체중", "중량"),
    ),
    "humidity": (("습도", "humidity"), ("humidity", "습도")),
    "pressure": (("압력", "기압", "pressure"), ("pressure", "압력", "기압")),
    "speed": (("속도", "speed"), ("speed", "속도")),
    "gender": (
        (
            "성별",
            "남녀",
            "남성",
            "여성",
            "남자",
            "여자",
            "gender",
            "sex",
            "men",
            "women",
            "male",
            "female",
            "boy",
            "girl",
        ),
        ("gender", "sex", "성별"),
    ),
    "department": (("부서", "department", "team"), ("department", "dept", "team", "부서")),
    "contract": (("계약", "약정", "contract"), ("contract", "계약", "약정")),
    "payment": (("결제", "지불", "payment"), ("payment", "결제", "지불")),
    "outcome": (
        ("이탈", "해지", "churn", "attrition"),
        ("churn", "attrition", "이탈", "해지"),
    ),
} | {
    name: (tuple(word for word in words if word not in ONLY_IN_NAMES), words)
    for name, words in GLOSSARY.items()
}
"""What is said, and what columns are called, by meaning."""

GRAINS: dict[str, tuple[str, ...]] = {
    "YS": ("연도별", "년도별", "연간", "연별", "해마다", "yearly", "annual", "by year", "per year"),
    "QS": ("분기", "quarter"),
    "MS": (
        "월별",
        "매월",
        "월간",
        "달마다",
        "월 매출",
        "월매출",
        "월 ",
        "monthly",
        "by month",
        "per month",
        "each month",
    ),
    "W": ("주별", "주간", "매주", "weekly", "by week", "per week"),
    "D": ("일별", "일간", "매일", "날짜별", "daily", "by day", "per day"),
}

_ENDINGS = ("ation", "ment", "ness", "ing", "ity", "ed", "al", "er", "es", "s", "e", "y")
_WHETHER = ("여부", "유무")
_ABBREVIATED = 4
"""From so many letters on a column's word may be the beginning of the word that it stands for (`supp`, `exer`, `temp`)."""
_SHORT = 3
_WORDS = frozenset(term for spoken, named in CONCEPTS.values() for term in (*spoken, *named)) | frozenset(
    {
        "num",
        "val",
        "day",
        "car",
        "per",
        "col",
        "row",
        "set",
        "pro",
        "com",
        "con",
        "pre",
        "all",
        "new",
        "old",
        "end",
        "top",
    }
)
"""Names of three letters that are words of their own, or the beginning of too many; others are cut short (`len`, `pop`)."""
_PARTICLES = "별|은|는|이|가|을|를|의|와|과|에|도|로"
_SPLIT = re.compile(r"[\s_\-./]+|(?<=[a-z0-9])(?=[A-Z])")


def words(name: str) -> list[str]:
    """The lower-case words of a column name or a question; `MonthlyCharges` has two."""
    return [word.lower() for word in _SPLIT.split(name) if word]


def says(text: str, term: str) -> bool:
    """Whether `text` (lower case) uses `term`: a whole English word with an optional plural, a Korean substring; one syllable
    only as a word with its particle."""
    if len(term) == 1 and "가" <= term <= "힣":
        return re.search(rf"(?<![가-힣]){term}(?:{_PARTICLES})?(?![가-힣])", text) is not None
    if term.isascii():
        return re.search(rf"(?<![a-z]){re.escape(term)}(?:e?s)?(?![a-z])", text) is not None
    return term in text


def concepts_in(text: str) -> list[str]:
    """The concepts that a question speaks of, in order of first mention."""
    lowered = text.lower()
    return [name for name, (spoken, _) in CONCEPTS.items() if any(says(lowered, term) for term in spoken)]


def concepts_of(column: str) -> list[str]:
    """The concepts that a column name stands for."""
    lowered = " ".join(words(column))
    return [name for name, (_, named) in CONCEPTS.items() if any(says(lowered, term) for term in named)]


def grain_in(text: str) -> str | None:
    """The period that a question asks for (`D`, `W`, `MS`, `QS`, `YS`), None when it names none."""
    lowered = f"{text.lower()} "
    for grain, terms in GRAINS.items():
        if any(term in lowered for term in terms):
            return grain
    return None


def mentions(text: str, column: str) -> bool:
    """Whether a question names the column itself, in its own spelling or with spaces for underscores."""
    lowered = text.lower()
    spaced = " ".join(words(column))
    return any(
        (len(form) > 1 or not form.isascii()) and says(lowered, form) for form in {column.lower(), spaced}
    )


def alludes(text: str, column: str) -> bool:
    """Whether a question uses another form of a word of the column's name (smoking for `smoke`, 합격률 for `합격여부`), or the
    whole of one that the name cuts short (exercise for `Exer`)."""
    spoken = set(re.findall(r"[a-z]+", text.lower()))
    for word in words(column):
        if word.endswith(_WHETHER) and len(word) >= _ABBREVIATED and word[:-2] in text:
            return True
        if len(word) == _SHORT and word.isascii() and word not in _WORDS:
            if any(other.startswith(word) and len(other) >= 2 * _SHORT for other in spoken):
                return True
            continue
        if word.isascii() and word.isalpha() and len(word) >= _ABBREVIATED:
            root = _root(word)
            if any(
                _root(other) == root or (other.startswith(word) and len(other) > len(word) + 1)
                for other in spoken
            ):
                return True
    return False


def _root(word: str) -> str:
    """An English word without its ending, of at least four letters (survived, survival: surviv; admitted: admit)."""
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _ABBREVIATED), "")
    root = word.removesuffix(ending)
    root = root.removesuffix("e") if len(root) > _ABBREVIATED else root
    return root[:-1] if ending and len(root) > _ABBREVIATED and root[-1] == root[-2] else root
