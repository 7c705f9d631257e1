"""Check digits against numbers that were published, or that arithmetic in the test makes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.nlp.text.checksums import (
    is_card_number,
    is_iban,
    is_ipv4,
    is_resident_date,
    is_social_security_number,
    luhn_holds,
    resident_check_holds,
)

# Test numbers that the card networks publish for developers.
CARDS = [
    "4111 1111 1111 1111",
    "4012888888881881",
    "5555-5555-5555-4444",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "3530111333300000",
    "30569309025904",
]
# Examples of the IBAN registry (ISO 13616).
IBANS = [
    "GB82 WEST 1234 5698 7654 32",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NO9386011117947",
]


@pytest.mark.parametrize("number", CARDS)
def test_published_card_numbers_hold_and_one_wrong_digit_breaks_them(number: str) -> None:
    assert is_card_number(number)
    last = int(number[-1])
    assert not is_card_number(f"{number[:-1]}{(last + 1) % 10}")


def test_luhn_holds_for_the_example_of_the_standard() -> None:
    assert luhn_holds("79927398713")
    assert not any(luhn_holds(f"7992739871{digit}") for digit in "012456789")


def test_digits_of_no_card_network_are_no_card() -> None:
    assert luhn_holds("1234567812345670")
    assert not is_card_number("1234567812345670")
    assert not is_card_number("4000000000000")


@pytest.mark.parametrize("number", IBANS)
def test_registered_ibans_hold_and_another_bank_breaks_them(number: str) -> None:
    assert is_iban(number)
    assert not is_iban(number[:4] + ("1" if number[4] != "1" else "2") + number[5:])


@given(st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)), st.integers(0, 99999), st.booleans())
def test_a_resident_number_made_by_the_rule_holds_and_every_other_last_digit_does_not(
    born: dt.date, serial: int, foreign: bool
) -> None:
    first = f"{born:%y%m%d}{'5' if foreign else '1'}{serial:05d}"
    total = sum(
        int(digit) * weight for digit, weight in zip(first, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5], strict=True)
    )
    right = (11 - total % 11) % 10 if not foreign else (13 - total % 11) % 10
    assert is_resident_date(f"{first}{right}")
    assert [digit for digit in range(10) if resident_check_holds(f"{first}{digit}")] == [right]


@pytest.mark.parametrize("digits", ["9902301234567", "9913011234567", "9901019234567", "990101123456"])
def test_impossible_days_sexes_and_lengths_are_no_resident_numbers(digits: str) -> None:
    assert not is_resident_date(digits)


def test_a_leap_day_exists_in_its_century_only() -> None:
    assert is_resident_date("0002293234567")
    assert not is_resident_date("0002291234567")


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("123-45-6789", True),
        ("000-12-3456", False),
        ("666-12-3456", False),
        ("912-12-3456", False),
        ("123-00-4567", False),
    ],
)
def test_social_security_numbers_follow_the_issuing_rules(number: str, valid: bool) -> None:
    assert is_social_security_number(number) == valid


def test_versions_and_impossible_octets_are_no_addresses() -> None:
    assert is_ipv4("192.168.0.12")
    assert not is_ipv4("1.2.3.4")
    assert not is_ipv4("192.168.0.300")
    assert not is_ipv4("0.255.1.1")
