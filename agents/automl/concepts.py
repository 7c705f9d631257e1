"""What people call the things they want predicted, and what tables call the columns that hold them."""

import re
from dataclasses import dataclass

from mesh.tabular.glossary import ONLY_IN_NAMES, PROPERTIES


@dataclass(frozen=True)
class Concept:
    """One meaning: the words of a question that name it and the words of a column name that hold it, best first."""

    name: str
    words: tuple[str, ...]
    columns: tuple[str, ...]
    outcome: bool = False
    additive: bool = False


CONCEPTS = (
    Concept(
        "quantity",
        ("판매량", "판매 수량", "수량", "수요", "팔릴", "demand", "quantity", "units", "volume", "sell"),
        ("quantity", "qty", "demand", "units", "volume", "sold", "수량", "판매량", "수요"),
        additive=True,
    ),
    Concept(
        "revenue",
        ("매출액", "매출", "판매액", "판매", "revenue", "sales", "turnover"),
        ("revenue", "sales", "turnover", "매출액", "매출", "판매액", "amount", "금액", "total_price", "합계"),
        additive=True,
    ),
    Concept("profit", ("이익", "수익", "profit", "margin"), ("profit", "margin", "이익", "수익"), additive=True),
    Concept("cost", ("비용", "원가", "cost", "expense", "spend"), ("cost", "expense", "spend", "비용", "원가"), additive=True),
    Concept("orders", ("주문", "orders", "order count"), ("orders", "order_count", "주문수", "주문"), additive=True),
    Concept("visits", ("방문", "트래픽", "visits", "traffic"), ("visits", "visitors", "traffic", "방문"), additive=True),
    Concept(
        "energy",
        ("전력", "소비량", "사용량", "부하", "consumption", "load", "energy", "usage"),
        ("consumption", "load", "energy", "power", "usage", "kwh", "전력", "사용량"),
        additive=True,
    ),
    Concept(
        "churn",
        ("이탈", "해지", "이직", "퇴사", "churn", "attrition", "leave", "cancel", "quit"),
        ("churn", "churned", "attrition", "exited", "left", "quit", "이탈", "해지", "이직", "퇴사"),
        outcome=True,
    ),
    Concept("default", ("부도", "연체", "default", "delinquency"), ("default", "delinquent", "연체", "부도"), outcome=True),
    Concept("spam", ("스팸", "spam"), ("spam", "is_spam", "스팸"), outcome=True),
    Concept("fraud", ("사기", "이상거래", "fraud"), ("fraud", "is_fraud", "사기"), outcome=True),
    Concept("survival", ("생존", "survival", "survive", "survived"), ("survived", "survival", "생존"), outcome=True),
    Concept("conversion", ("전환", "conversion", "convert"), ("converted", "conversion", "전환"), outcome=True),
    Concept("species", ("품종", "종류", "species", "variety"), ("species", "variety", "품종", "종류"), outcome=True),
    Concept("price", ("가격", "단가", "시세", "집값", "price"), ("price", "가격", "단가", "value")),
    Concept("salary", ("급여", "연봉", "임금", "salary", "wage", "income"), ("salary", "wage", "income", "급여", "연봉")),
    Concept("temperature", ("기온", "온도", "temperature"), ("temperature", "temp", "기온", "온도")),
    Concept("score", ("점수", "성적", "평점", "score", "rating", "grade"), ("score", "rating", "grade", "점수", "평점")),
    *(
        Concept(name, tuple(w for w in words if len(w) > 1 and w not in ONLY_IN_NAMES), words)
        for name, words in PROPERTIES.items()
    ),
)  # fmt: skip
OUTCOME_NAMES = ("target", "label", "class", "outcome", "y", "타깃", "라벨", "결과", "여부")


def tokens(name: str) -> list[str]:
    """Lower-case words of a column name: `extendedSales`, `extended_sales` and `Extended Sales` are the same."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^0-9a-z가-힣]+", spaced.lower()) if word]


def mentioned(concept: Concept, text: str) -> tuple[int, str]:
    """Where the text names the concept (its last mention, or -1), and with which word."""
    return max((_find(word, text), word) for word in concept.words)


def column_rank(concept: Concept, column: str) -> int | None:
    """How well a column name fits the concept: 0 is best, None is not at all."""
    words = tokens(column)
    joined = " ".join(words)
    for rank, pattern in enumerate(concept.columns):
        if pattern in words or (re.search(r"[가-힣]", pattern) and pattern in joined):
            return rank
        if f"{pattern}s" in words or pattern.replace("_", " ") == joined:
            return rank
    return None


def _find(word: str, text: str) -> int:
    if re.search(r"[가-힣]", word):
        return text.rfind(word)
    found = list(re.finditer(rf"(?<![a-z0-9]){re.escape(word)}(?:s|es|ed|ing)?(?![a-z0-9])", text))
    return found[-1].start() if found else -1
