"""What columns mean: 188 labelled columns with names and values as people have them, two fifths of them Korean."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.ingestion.contract import NamedFile, Options
from agents.ingestion.loading import load_files
from agents.ingestion.semantics import ColumnFacts, semantics_of
from agents.ingestion.vocabulary import meaning_of
from mesh.results import Column

ROWS = 240
MINIMUM_ACCURACY = 0.95

Maker = Callable[[random.Random, int], str]


def whole(low: int, high: int) -> Maker:
    """Whole numbers from `low` to `high`."""
    return lambda chance, _: str(chance.randint(low, high))


def money(mean: float) -> Maker:
    """Amounts with two decimals around `mean`."""
    return lambda chance, _: f"{chance.lognormvariate(0, 0.6) * mean:.2f}"


def won(low: int, high: int) -> Maker:
    """Amounts in won with thousands separators and the word."""
    return lambda chance, _: f"{chance.randrange(low, high, 10):,}원"


def decimal(low: float, high: float, digits: int = 2) -> Maker:
    """Evenly spread decimals."""
    return lambda chance, _: f"{chance.uniform(low, high):.{digits}f}"


def percent(low: float, high: float) -> Maker:
    """Percentages with their sign."""
    return lambda chance, _: f"{chance.uniform(low, high):.1f}%"


def one_of(words: str) -> Maker:
    """One of some words."""
    listed = words.split("|")
    return lambda chance, _: chance.choice(listed)


def serial(form: str, start: int = 1) -> Maker:
    """Running numbers in a form."""
    return lambda _, row: form.format(start + row)


def shuffled(form: str, low: int, high: int) -> Maker:
    """Numbers in a form, nearly all different."""
    return lambda chance, _: form.format(chance.randint(low, high))


def day(form: str) -> Maker:
    """Days of 2023 and 2024 in a form of month and day."""
    return lambda chance, _: form.format(
        chance.choice((2023, 2024)), chance.randint(1, 12), chance.randint(1, 28)
    )


def sentence(words: str) -> Maker:
    """Free text of seven words."""
    listed = words.split()
    return lambda chance, row: " ".join(chance.choice(listed) for _ in range(7)) + f" {row}"


PHONE = shuffled("010-{0:08d}", 10_000_000, 99_999_999)
GRIM = "배송이 빨라서 정말 좋았습니다 포장이 조금 아쉽고 가격은 괜찮아요 다시 살게요"
TALE = "the delivery was really fast but packaging could be better next time thanks"
CITIES = "Seoul|Busan|Incheon|Daegu|Daejeon|Gwangju"
SIDO = "서울특별시|부산광역시|경기도|강원도|제주특별자치도|충청북도"

CASES: list[tuple[str, Maker, str]] = [
    # identifiers
    ("order_id", serial("{}", 100_001), "identifier"),
    ("OrderNo", serial("SO-{}", 43_659), "identifier"),
    ("customer_id", whole(1, 5_000), "identifier"),
    ("user id", shuffled("U{:06d}", 1, 999_999), "identifier"),
    ("transaction_id", shuffled("{:016x}", 1, 2**62), "identifier"),
    ("invoice number", serial("INV{:05d}"), "identifier"),
    ("sku", shuffled("SKU-{}", 1_000, 9_999), "identifier"),
    ("isbn", shuffled("978{:010d}", 1, 10**10 - 1), "identifier"),
    ("email", shuffled("user{}@example.org", 1, 10**7), "identifier"),
    ("phone", PHONE, "identifier"),
    ("Mobile number", shuffled("+82 10 {:08d}", 1, 99_999_999), "identifier"),
    ("row", serial("{}"), "identifier"),
    ("No.", serial("{}"), "identifier"),
    ("uuid", shuffled("00000000-0000-4000-8000-{:012d}", 1, 10**11), "identifier"),
    ("device_serial", shuffled("D{:09d}", 1, 10**9 - 1), "identifier"),
    ("고객번호", serial("{}", 20_240_001), "identifier"),
    ("주문번호", shuffled("2024{:08d}", 1, 99_999_999), "identifier"),
    ("회원ID", shuffled("M{:05d}", 1, 99_999), "identifier"),
    ("사번", serial("{}", 1_200), "identifier"),
    ("전화번호", PHONE, "identifier"),
    ("휴대폰", PHONE, "identifier"),
    ("연번", serial("{}"), "identifier"),
    ("사업자등록번호", shuffled("120-81-{:05d}", 1, 99_999), "identifier"),
    ("차량번호", lambda chance, _: f"{chance.randint(10, 99)}가{chance.randint(1000, 9999)}", "identifier"),
    ("이메일", shuffled("kim{}@example.org", 1, 10**7), "identifier"),
    ("계좌번호", shuffled("110-{:09d}", 1, 10**9 - 1), "identifier"),
    # categories
    ("gender", one_of("M|F"), "category"),
    ("department", one_of("Sales|IT|HR|Legal"), "category"),
    ("product_category", one_of("Bikes|Clothing|Parts"), "category"),
    ("status", one_of("open|closed|pending"), "category"),
    ("status_code", one_of("200|301|404|500"), "category"),
    ("payment method", one_of("card|cash|transfer"), "category"),
    ("Contract", one_of("Month-to-month|One year|Two year"), "category"),
    ("size", one_of("S|M|L|XL"), "category"),
    ("color", one_of("red|green|blue"), "category"),
    ("education_level", one_of("high school|bachelor|master|phd"), "category"),
    ("pclass", one_of("1|2|3"), "category"),
    ("cluster", one_of("0|1|2|3"), "category"),
    ("product_name", one_of("Road-150|Trek 520|Helmet|Gloves"), "category"),
    ("brand", one_of("Giant|Trek|Scott"), "category"),
    ("year", whole(2015, 2024), "category"),
    ("month", whole(1, 12), "category"),
    ("quarter", one_of("Q1|Q2|Q3|Q4"), "category"),
    ("weekday", one_of("Mon|Tue|Wed|Thu|Fri|Sat|Sun"), "category"),
    ("hour", whole(0, 23), "category"),
    ("shift", one_of("day|night"), "category"),
    ("store_type", whole(1, 4), "category"),
    ("segment", one_of("A|B|C"), "category"),
    ("language", one_of("ko|en|ja"), "category"),
    ("성별", one_of("남|여"), "category"),
    ("부서", one_of("영업팀|개발팀|인사팀"), "category"),
    ("제품군", one_of("가전|가구|의류"), "category"),
    ("등급", one_of("VIP|골드|실버"), "category"),
    ("결제수단", one_of("카드|현금|계좌이체"), "category"),
    ("업종", one_of("음식점|소매|제조"), "category"),
    ("상태", one_of("완료|진행중|취소"), "category"),
    ("연령대", one_of("20대|30대|40대|50대"), "category"),
    ("요일", one_of("월|화|수|목|금|토|일"), "category"),
    ("연도", whole(2015, 2024), "category"),
    ("월", whole(1, 12), "category"),
    ("분기", whole(1, 4), "category"),
    ("상품명", one_of("사과|배|포도|감귤"), "category"),
    ("담당자", one_of("김철수|이영희|박민수"), "category"),
    ("분류코드", one_of("A01|A02|B01"), "category"),
    ("학년", whole(1, 6), "category"),
    ("혈액형", one_of("A|B|O|AB"), "category"),
    # booleans
    ("is_active", one_of("0|1"), "boolean"),
    ("churned", one_of("Yes|No"), "boolean"),
    ("has_dependents", one_of("true|false"), "boolean"),
    ("SeniorCitizen", one_of("0|1"), "boolean"),
    ("returned", one_of("Y|N"), "boolean"),
    ("survived", one_of("0|1"), "boolean"),
    ("target", one_of("0|1"), "boolean"),
    ("subscribed", one_of("T|F"), "boolean"),
    ("탈퇴여부", one_of("Y|N"), "boolean"),
    ("재구매", one_of("예|아니오"), "boolean"),
    ("회원여부", one_of("0|1"), "boolean"),
    ("합격", one_of("O|X"), "boolean"),
    # measures that add up
    ("revenue", money(1_200), "measure"),
    ("Sales", money(900), "measure"),
    ("total_price", money(200), "measure"),
    ("amount", money(80), "measure"),
    ("profit", decimal(-500, 900), "measure"),
    ("shipping_cost", money(12), "measure"),
    ("TotalCharges", money(2_000), "measure"),
    ("budget", whole(10_000, 900_000), "measure"),
    ("salary", whole(25_000, 120_000), "measure"),
    ("tax", money(9), "measure"),
    ("net_income", money(50_000), "measure"),
    ("energy_kwh", decimal(1, 900), "measure"),
    ("rainfall_mm", decimal(0, 80, 1), "measure"),
    ("distance_km", decimal(1, 90, 1), "measure"),
    ("ad spend", money(300), "measure"),
    ("line total", money(70), "measure"),
    ("매출", won(1_000, 900_000), "measure"),
    ("매출액(천원)", whole(100, 90_000), "measure"),
    ("결제금액", won(1_000, 90_000), "measure"),
    ("영업이익", whole(-5_000, 90_000), "measure"),
    ("총비용", whole(1_000, 90_000), "measure"),
    ("배송비", won(0, 5_000), "measure"),
    ("연봉", whole(2_400, 12_000), "measure"),
    ("광고비", whole(1_000, 90_000), "measure"),
    ("전력사용량(kWh)", decimal(1, 900), "measure"),
    ("강수량", decimal(0, 80, 1), "measure"),
    ("예산", whole(100, 90_000), "measure"),
    # counts
    ("quantity", whole(1, 20), "count"),
    ("num_items", whole(1, 90), "count"),
    ("visitors", whole(100, 9_000), "count"),
    ("page_views", whole(100, 90_000), "count"),
    ("number_of_orders", whole(0, 60), "count"),
    ("clicks", whole(0, 900), "count"),
    ("population", whole(1_000, 900_000), "count"),
    ("stock", whole(0, 500), "count"),
    ("order_count", whole(0, 60), "count"),
    ("수량", whole(1, 20), "count"),
    ("방문자수", whole(100, 9_000), "count"),
    ("주문건수", whole(0, 90), "count"),
    ("인원", one_of("12명|7명|30명|25명|18명"), "count"),
    ("재고", whole(0, 500), "count"),
    ("판매수량", whole(1, 90), "count"),
    ("조회수", whole(1, 9_000), "count"),
    ("인구수", whole(1_000, 90_000), "count"),
    # levels that do not add up
    ("price", money(40), "intensive"),
    ("UnitPrice", money(15), "intensive"),
    ("discount", decimal(0, 0.4), "intensive"),
    ("age", whole(18, 90), "intensive"),
    ("rating", decimal(1, 5, 1), "intensive"),
    ("review_score", whole(1, 5), "intensive"),
    ("temperature", decimal(-10, 35, 1), "intensive"),
    ("humidity", whole(20, 99), "intensive"),
    ("conversion_rate", decimal(0, 0.2, 4), "intensive"),
    ("margin_pct", percent(1, 60), "intensive"),
    ("avg_order_value", money(60), "intensive"),
    ("BMI", decimal(17, 35, 1), "intensive"),
    ("height_cm", decimal(150, 195, 1), "intensive"),
    ("speed_kmh", decimal(10, 130, 1), "intensive"),
    ("interest_rate", percent(1, 9), "intensive"),
    ("exchange_rate", decimal(1_100, 1_400), "intensive"),
    ("tenure", whole(0, 72), "intensive"),
    ("credit_score", whole(300, 850), "intensive"),
    ("closing_price", money(70_000), "intensive"),
    ("probability", decimal(0, 1, 3), "intensive"),
    ("pH", decimal(5, 9, 1), "intensive"),
    ("단가", won(100, 90_000), "intensive"),
    ("판매가", won(1_000, 90_000), "intensive"),
    ("할인율", percent(0, 40), "intensive"),
    ("나이", whole(18, 90), "intensive"),
    ("평점", decimal(1, 5, 1), "intensive"),
    ("만족도", whole(1, 5), "intensive"),
    ("기온(℃)", decimal(-10, 35, 1), "intensive"),
    ("습도", whole(20, 99), "intensive"),
    ("전환율", decimal(0, 0.2, 4), "intensive"),
    ("몸무게", decimal(45, 99, 1), "intensive"),
    ("시급", won(9_860, 20_000), "intensive"),
    ("종가", whole(50_000, 90_000), "intensive"),
    ("미세먼지농도", whole(5, 150), "intensive"),
    ("근속연수", whole(0, 30), "intensive"),
    # dates
    ("order_date", day("{}-{:02d}-{:02d}"), "date"),
    ("Ship Date", day("{1}/{2}/{0}"), "date"),
    ("dt", day("{}{:02d}{:02d}"), "date"),
    ("signup", day("{}.{:02d}.{:02d}"), "date"),
    ("created_at", shuffled("{}", 1_690_000_000, 1_720_000_000), "date"),
    ("주문일자", day("{}. {}. {}."), "date"),
    ("가입일", day("{}년 {}월 {}일"), "date"),
    ("기준월", day("{}-{:02d}"), "date"),
    # places
    ("country", one_of("Korea|Japan|USA"), "geo"),
    ("city", one_of(CITIES), "geo"),
    ("lat", decimal(33.1, 38.5, 5), "geo"),
    ("longitude", decimal(126.1, 129.5, 5), "geo"),
    ("zip code", shuffled("{:05d}", 1_000, 63_000), "geo"),
    ("postcode", whole(10_000, 99_999), "geo"),
    ("sales region", one_of("North|South|East|West"), "geo"),
    ("where", one_of(SIDO), "geo"),
    ("지역", one_of("서울|부산|대구"), "geo"),
    ("시도", one_of(SIDO), "geo"),
    ("위도", decimal(33.1, 38.5, 5), "geo"),
    ("우편번호", shuffled("{:05d}", 1_000, 63_000), "geo"),
    ("주소", lambda chance, _: f"서울특별시 강남구 테헤란로 {chance.randint(1, 500)}", "geo"),
    ("거주지", one_of("서울|부산|대구"), "geo"),
    ("구분2", one_of(SIDO), "geo"),
    # free text
    ("comment", sentence(TALE), "text"),
    ("review", sentence(TALE), "text"),
    ("description", sentence(TALE), "text"),
    ("note", sentence(TALE), "text"),
    ("col_a", sentence(TALE), "text"),
    ("리뷰", sentence(GRIM), "text"),
    ("문의내용", sentence(GRIM), "text"),
    ("비고", sentence(GRIM), "text"),
]  # fmt: skip


def labelled_columns(tmp_path: Path) -> list[tuple[str, str, Column]]:
    """Name, expected meaning and found column of every case, from one file with a column for each."""
    chance = random.Random(7)
    source = tmp_path / "labelled.csv"
    with source.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([name for name, _, _ in CASES])
        writer.writerows([make(chance, row) for _, make, _ in CASES] for row in range(ROWS))
    files = [NamedFile(source, source.name)]
    loaded = load_files(files, source.name, tmp_path / "o.parquet", tmp_path, Options(), "en")
    return [(name, meaning, column) for (name, _, meaning), column in zip(CASES, loaded.columns, strict=True)]


def test_meanings_are_found(tmp_path: Path) -> None:
    found = labelled_columns(tmp_path)
    wrong = [
        (name, meaning, column.semantic) for name, meaning, column in found if column.semantic != meaning
    ]
    accuracy = 1 - len(wrong) / len(found)

    assert len(found) >= 150
    assert accuracy >= MINIMUM_ACCURACY, f"{accuracy:.1%}: {wrong}"
    assert all(column.confidence is not None and 0 < column.confidence <= 1 for _, _, column in found)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("riskscore", "intensive"),
        ("hprice", "intensive"),
        ("tariffrate", "intensive"),
        ("body_mass_g", "intensive"),
        ("pulse", "intensive"),
        ("max_sales", "intensive"),
        ("months", "intensive"),
        ("hours_worked", "measure"),
        ("invoice_number", "identifier"),
        ("num_orders", "count"),
        ("number of beds", "count"),
        ("treatment", "category"),
        ("plot", "category"),
        ("birthyear", "period"),
        ("day", "period"),
        ("iso_alpha", "place"),
        ("account", None),
        ("dose1", "intensive"),
        ("Freq", "count"),
        ("caseid", "identifier"),
    ],
)
def test_a_name_tells_its_meaning(name: str, meaning: str | None) -> None:
    assert meaning_of(name) == meaning


def test_a_number_of_a_place_is_a_code_only_when_it_repeats() -> None:
    sizes = ColumnFacts("area", "integer", 98, 98, 94, low=900, high=6000)
    codes = ColumnFacts("area", "integer", 98, 98, 6, low=1, high=6)

    assert [semantics_of(facts).semantic for facts in (sizes, codes)] == ["measure", "category"]


def test_a_quantity_of_nothing_but_zeros_and_ones_is_a_flag() -> None:
    flags = ColumnFacts("suppl_income", "integer", 150, 150, 2, low=0, high=1)
    few = ColumnFacts("items", "integer", 6, 6, 2, low=0, high=1)

    assert [semantics_of(facts).semantic for facts in (flags, few)] == ["boolean", "count"]


def test_long_answers_that_repeat_are_categories() -> None:
    answers = ColumnFacts("q7", "string", 300, 300, 5, mean_length=40, mean_words=7)

    assert semantics_of(answers).semantic == "category"


def test_a_sure_meaning_is_more_often_right_than_a_guess(tmp_path: Path) -> None:
    found = labelled_columns(tmp_path)
    sure = [column.semantic == meaning for _, meaning, column in found if (column.confidence or 0) >= 0.8]
    guessed = [column.semantic == meaning for _, meaning, column in found if (column.confidence or 0) < 0.8]

    assert len(sure) > len(guessed)
    assert sum(sure) / len(sure) >= sum(guessed) / max(1, len(guessed))
