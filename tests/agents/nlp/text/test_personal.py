"""Personal data: what was planted is found with its proof, masked everywhere, counted, and never told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.nlp.text.masking import Style, mask_spans, mask_value, masker
from agents.nlp.text.personal_report import inspect_table, mask_table
from agents.nlp.text.personal_request import request_from
from agents.nlp.text.personal_scan import find_personal
from agents.nlp.text.personal_service import MaskParams, requested
from agents.nlp.text.personal_story import (
    detection_summary,
    findings_of,
    masking_summary,
    tables_of,
    warnings_of,
)
from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Column

ROWS = 40
PHONE, EMAIL, RESIDENT, CARD = (
    "010-2345-6789",
    "minsu.kim@example.com",
    "900101-1234568",
    "4111 1111 1111 1111",
)


def people() -> pd.DataFrame:
    """Customers with personal data in columns of its own and in notes: 10 phones, 5 addresses, 2 cards and 3 numbers."""
    surnames, given_names = (
        list("김이박최정"),
        ["민수", "영희", "서연", "지훈", "하은", "도윤", "유진", "준호"],
    )
    notes = ["배송이 빨라요"] * ROWS
    notes[:10] = [f"연락은 010-{1000 + n}-{2000 + n} 으로 주세요" for n in range(10)]
    notes[10:15] = [f"write to user{n}@mail.example.org please" for n in range(5)]
    notes[15:17] = [f"결제 카드 {CARD}", "카드 5555-5555-5555-4444"]
    notes[17:20] = [f"주민번호는 {RESIDENT} 입니다"] * 3
    return pd.DataFrame(
        {
            "order_no": np.arange(ROWS) + 20240001,
            "고객명": [surnames[n % 5] + given_names[n % 8] for n in range(ROWS)],
            "mobile": [f"010{30000000 + n * 7919}" for n in range(ROWS)],
            "card_seen": np.resize([4111111111111111, 5555555555554444, 378282246310005], ROWS),
            "product_name": np.resize(["Carbon Storm", "Urban Rider"], ROWS),
            "epoch_ms": 1700000000000 + np.arange(ROWS) * 86_400_000,
            "amount": np.arange(ROWS) * 1000,
            "note": notes,
        }
    )


def columns_of(frame: pd.DataFrame) -> list[Column]:
    """Every column as one of text; only names and values matter here."""
    return [Column(name=name, type="string") for name in frame.columns]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The people as Parquet."""
    path = tmp_path / "people.parquet"
    people().to_parquet(path)
    return path


def inspect(path: Path, language: Language = "en") -> dict[str, Any]:
    """The report of a Parquet file."""
    return inspect_table(path, columns_of(pd.read_parquet(path)), language)


def mask(path: Path, style: Style = "partial", **kwargs: Any) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The masked table and its report."""
    target = path.parent / f"{style}.parquet"
    report, columns = mask_table(path, columns_of(pd.read_parquet(path)), target, style, "en", **kwargs)
    assert [column.name for column in columns] == list(pd.read_parquet(target).columns)
    return pd.read_parquet(target), report


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("연락은 010-1234-5678 또는 kim@example.co.kr 로", ["phone", "email"]),
        ("국번 02-345-6789, 국제 +82 10-1234-5678", ["phone", "phone"]),
        ("call (415) 555-2671 or +44 20 7946 0958", ["phone", "phone"]),
        (f"주민번호 {RESIDENT}", ["resident_number"]),
        (f"paid with {CARD}", ["card"]),
        ("IBAN GB82 WEST 1234 5698 7654 32", ["iban"]),
        ("여권번호 M12345678, 면허 11-12-123456-78", ["passport", "driver_licence"]),
        ("입금 계좌 110-123-456789 예금주 김민수", ["bank_account", "name"]),
        ("SSN 123-45-6789 from 192.168.10.4", ["ssn", "ip_address"]),
        ("hosts 2001:0db8:85a3:0000:0000:8a2e:0370:7334 and 2001:db8::1", ["ip_address", "ip_address"]),
        ("서울특별시 강남구 테헤란로 152 로 보내 주세요", ["address"]),
        ("Ship it to 12 Main Street, attention Mr. John Smith", ["address", "name"]),
        ("담당자: 홍길동 입니다. 박서준님 감사합니다", ["name", "name"]),
    ],
)
def test_what_is_personal_in_a_sentence_is_found(text: str, kinds: list[str]) -> None:
    assert [span.kind for span in find_personal(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "order 20240105-0001 of 2024-01-05, price 1,234,567",
        "version 1.2.3.4 at 12:30, 1234567890123",
        "사업자번호 120-81-47521, 우편번호 06234",
        "M12345678 is a part number",
        "from 12:30:45 on, ratio 1:2:3",
        "구매자님 감사합니다. 상담원님도 친절했어요. 날씨도 좋네요",
        "Dear Customer, dear Team, my name is on the list",
        "epoch 1700000000000 and 4111111111111112",
    ],
)
def test_what_only_looks_personal_is_left(text: str) -> None:
    assert find_personal(text) == []


def test_planted_data_is_counted_by_column_and_kind(table: Path) -> None:
    report = inspect(table)
    counted = {(item["column"], item["kind"]): item["rows"] for item in report["found"]}
    assert counted == {
        ("고객명", "name"): ROWS,
        ("mobile", "phone"): ROWS,
        ("card_seen", "card"): ROWS,
        ("note", "phone"): 10,
        ("note", "email"): 5,
        ("note", "card"): 2,
        ("note", "resident_number"): 3,
    }
    assert report["columns_with_personal_data"] == 4
    assert report["doubtful"] == []


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_personal_is_in_what_is_told(table: Path, language: Language) -> None:
    report = inspect(table, language)
    told = json.dumps(report, ensure_ascii=False) + detection_summary(report, language)
    told += "".join(found.model_dump_json() for found in findings_of(report, language))
    told += "".join(item.model_dump_json() for item in tables_of(report, language))
    frame = pd.read_parquet(table)
    for value in [
        *frame["고객명"],
        *frame["mobile"],
        RESIDENT,
        "user0@",
        "4111 1111",
        "010-1000",
        "41111111",
    ]:
        assert value not in told


@pytest.mark.parametrize("style", ["partial", "label", "pseudonym"])
def test_masking_leaves_nothing_behind_and_changes_nothing_else(table: Path, style: Style) -> None:
    before = people()
    after, report = mask(table, style)
    assert report["cells_masked"] == 3 * ROWS + 20
    assert set(report["columns_masked"]) == {"card_seen", "note", "mobile", "고객명"}
    for column in ("order_no", "product_name", "epoch_ms", "amount"):
        assert after[column].equals(before[column])
    assert after["note"][20:].tolist() == before["note"][20:].tolist()
    again = table.parent / "again.parquet"
    after.to_parquet(again)
    assert inspect(again)["found"] == []


def test_the_form_of_a_partly_masked_value_stays() -> None:
    assert mask_value(PHONE, "phone") == "***-****-6789"
    assert mask_value(EMAIL, "email") == "m***@e***"
    assert mask_value(RESIDENT, "resident_number") == "******-*******"
    assert mask_value(CARD, "card") == "**** **** **** 1111"
    assert mask_value("홍길동", "name") == "홍**"
    assert mask_value("John Smith", "name") == "J*** S****"
    assert mask_value("1990-05-17", "birth_date") == "1990-**-**"
    assert mask_value("900517", "birth_date") == "******"
    assert mask_value("123-45-6789", "ssn") == "***-**-****"
    assert mask_value("서울특별시 강남구 테헤란로 152", "address") == "서울특별시 ***"


def test_pseudonyms_are_the_same_for_the_same_value_however_it_is_written() -> None:
    replace = masker("pseudonym", "en")
    assert [replace(text, "phone") for text in (PHONE, "010-9999-0000", "010 2345 6789", PHONE)] == [
        "phone_1",
        "phone_2",
        "phone_1",
        "phone_1",
    ]


def test_only_the_columns_and_kinds_asked_for_are_masked_and_the_rest_is_told(table: Path) -> None:
    after, report = mask(table, wanted=frozenset({"email"}))
    assert report["cells_masked"] == 5
    assert after["note"][10] == "write to u***@m*** please"
    assert {(item["column"], item["kind"]) for item in report["left"]} >= {
        ("note", "phone"),
        ("고객명", "name"),
    }
    assert "note (phone number)" in " ".join(warnings_of(report, "en"))
    _, by_column = mask(table, only=frozenset({"mobile"}))
    assert by_column["columns_masked"] == ["mobile"]


def test_a_column_called_name_is_of_people_only_beside_other_personal_data(tmp_path: Path) -> None:
    names = ["Carbon Storm", "Urban Rider", "Trail Blazer"]
    alone, beside = tmp_path / "alone.parquet", tmp_path / "beside.parquet"
    pd.DataFrame({"name": names, "price": [1, 2, 3]}).to_parquet(alone)
    pd.DataFrame({"name": names, "email": [f"u{n}@example.com" for n in range(3)]}).to_parquet(beside)
    assert inspect(alone)["doubtful"] == ["name"]
    assert inspect(alone)["kinds"] == []
    assert "name" in detection_summary(inspect(alone), "en")
    assert [item["kind"] for item in inspect(beside)["kinds"]] == ["email", "name"]


def test_a_table_without_personal_data_is_said_to_have_none(tmp_path: Path) -> None:
    path = tmp_path / "sales.parquet"
    pd.DataFrame({"region": ["Seoul", "Busan"], "revenue": [1, 2]}).to_parquet(path)
    report = inspect(path)
    assert detection_summary(report, "en") == "No personal data was found in 2 columns and 2 rows."
    after, masked = mask(path)
    assert after.equals(pd.read_parquet(path))
    assert "unchanged" in masking_summary(masked, "en")
    assert "그대로" in masking_summary(masked, "ko")


def test_an_unknown_column_and_an_empty_table_are_refused(table: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"no column salary.*order_no"):
        mask(table, only=frozenset({"salary"}))
    empty = tmp_path / "empty.parquet"
    pd.DataFrame({"a": pd.Series([], dtype=str)}).to_parquet(empty)
    with pytest.raises(BadInputError, match="no rows"):
        inspect(empty)


@pytest.mark.parametrize(
    ("goal", "kinds", "columns", "style"),
    [
        ("Mask the personal data such as phone numbers", set(), set(), "partial"),
        ("이메일과 전화번호를 가려줘", {"email", "phone"}, set(), "partial"),
        ("Redact e-mail addresses", {"email"}, set(), "label"),
        ("고객명을 가명으로 바꿔줘", {"name"}, set(), "pseudonym"),
        ("Mask the note column", set(), {"note"}, "partial"),
    ],
)
def test_a_sentence_says_what_to_mask_and_how(
    goal: str, kinds: set[str], columns: set[str], style: str
) -> None:
    held = columns_of(people())
    request = request_from(goal, held)
    assert set(request.kinds) == kinds
    assert set(request.columns) == columns
    assert request.style == style
    given = requested(MaskParams(columns=["mobile"], style="label"), goal, held)
    assert not given.kinds
    assert set(given.columns) == {"mobile"}
    assert given.style == "label"


@given(st.text(alphabet="ab가나 .,@-:0123456789", max_size=80))
def test_masking_a_text_twice_changes_nothing_more(text: str) -> None:
    once = mask_spans(text, find_personal(text), mask_value)
    assert mask_spans(once, find_personal(once), mask_value) == once
