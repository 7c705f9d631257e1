"""What columns mean, by names in both languages and by values."""

import pytest

from agents.ingestion.contents import content_of
from agents.ingestion.semantics import ColumnFacts, semantics_of
from agents.ingestion.vocabulary import meaning_of


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("price", "intensive"),
        ("unit_price", "intensive"),
        ("total_price", "measure"),
        ("avg_sales", "intensive"),
        ("extended_sales", "measure"),
        ("MonthlyCharges", "measure"),
        ("quantity_sold", "count"),
        ("customerID", "identifier"),
        ("Age", "intensive"),
        ("temperature_c", "intensive"),
        ("conversion rate", "intensive"),
        ("year", "period"),
        ("latitude", "geo"),
        ("region", "place"),
        ("comments", "text"),
        ("단가", "intensive"),
        ("판매가격", "intensive"),
        ("할인율", "intensive"),
        ("나이", "intensive"),
        ("평균매출", "intensive"),
        ("매출액", "measure"),
        ("총 금액", "measure"),
        ("수량", "count"),
        ("주문 건수", "count"),
        ("만족도 점수", "intensive"),
        ("고객번호", "identifier"),
        ("지역", "place"),
        ("위도", "geo"),
        ("상품명", "category"),
        ("리뷰내용", "text"),
        ("foo", None),
    ],
)
def test_names_in_both_languages(name: str, meaning: str | None) -> None:
    assert meaning_of(name) == meaning


def facts(name: str, kind: str, **changes: object) -> ColumnFacts:
    base: dict[str, object] = {"rows": 1000, "present": 1000, "distinct": 500, "low": 0.0, "high": 900.0}
    return ColumnFacts(name=name, type=kind, **{**base, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "semantic"),
    [
        (facts("anything", "date"), "date"),
        (facts("flag", "integer", distinct=2, low=0.0, high=1.0), "boolean"),
        (facts("order_id", "integer", distinct=1000), "identifier"),
        (facts("Unnamed", "integer", distinct=1000, low=0.0, high=999.0), "identifier"),
        (facts("x", "number", unit="%"), "intensive"),
        (facts("x", "number", low=0.1, high=0.9), "intensive"),
        (facts("x", "number"), "measure"),
        (facts("year", "integer", distinct=5, low=2020.0, high=2024.0), "category"),
        (facts("colour", "string", distinct=5, mean_words=1.0, mean_length=5.0), "category"),
        (facts("story", "string", distinct=990, mean_words=12.0, mean_length=80.0), "text"),
        (facts("code", "string", distinct=1000, mean_words=1.0, looks_like_key=True), "identifier"),
        (facts("city", "string", distinct=20, mean_words=1.0), "geo"),
        (facts("nothing", "string", present=0, distinct=0), "unknown"),
    ],
)
def test_meaning_from_name_and_values(column: ColumnFacts, semantic: str) -> None:
    found = semantics_of(column)

    assert found.semantic == semantic
    assert 0 < found.confidence <= 1


def test_a_guess_is_less_sure_than_a_name_and_values_that_agree() -> None:
    guess, sure = (
        semantics_of(facts("x", "number")),
        semantics_of(facts("order_id", "integer", distinct=1000)),
    )

    assert guess.confidence < 0.6 < 0.9 <= sure.confidence


@pytest.mark.parametrize(
    ("values", "content"),
    [
        ("중구|동구|강남구", "place"),
        ("수원시|양평군|용인시", "place"),
        ("서울|부산|대구", "place"),
        ("축구|농구|야구|배구", ""),
        ("대조군|실험군|위약군", ""),
        ("a@example.org|b@example.org", "contact"),
    ],
)
def test_values_speak_for_themselves(values: str, content: str) -> None:
    assert content_of(values.split("|")) == content
