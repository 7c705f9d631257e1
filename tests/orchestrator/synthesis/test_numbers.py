"""Which numbers in a text were computed, and which were made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.synthesis.numbers import numbers_in, unsupported_numbers


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Revenue was 1,234,567.", {"total": 1234567}),
        ("Revenue was 1.23 million.", [1234567]),
        ("매출은 123만 원입니다.", [1234567]),
        ("매출은 12.3억 원입니다.", [1234567890]),
        ("Up 12.3 %.", {"change": 0.1234}),
        ("Down 4.5 %.", {"change": -0.0449}),
        ("It fell by 300.", {"change": -300.4}),
        ("On 2024-03-05 and in 2024년 3월.", {}),
        ("Two of 3 regions, 12 months.", {}),
        ("No numbers at all.", {}),
        ("The best is A-17.", {"name": "A-17"}),
        ("p was 1e-05.", {"p": 0.00001}),
        ("R2 of 0.93.", {"r2": 0.9312}),
        ("The median is 5.04975e+301.", {"median": 5.0497512e301}),
        ("The smallest is 1.25E-10.", {"low": 1.2471e-10}),
    ],
)
def test_numbers_that_were_computed(text: str, facts: object) -> None:
    assert unsupported_numbers(text, facts) == []


@pytest.mark.parametrize(
    ("text", "facts", "strange"),
    [
        ("Revenue was 1,234,999.", {"total": 1234567}, ["1,234,999"]),
        ("Up 12.9 %.", {"change": 0.1234}, ["12.9"]),
        ("It is 13.", {"n": 14}, ["13"]),
        ("45 and 46", [45], ["46"]),
        ("99.5", {}, ["99.5"]),
        ("5.04975e+301", [5.06e301], ["5.04975e+301"]),
        ("Up 40 %.", {"ok": True}, ["40"]),
    ],
)
def test_numbers_that_were_not(text: str, facts: object, strange: list[str]) -> None:
    assert unsupported_numbers(text, facts) == strange


def test_every_number_of_a_value_is_found_wherever_it_is() -> None:
    facts = {"a": [1, {"b": 2.5}], "3": "4 and 5.5", "c": None, "d": True, "e": float("nan"), "f": (6,)}
    assert sorted(numbers_in(facts)) == [1, 2.5, 3, 4, 5.5, 6]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=10), st.integers(0, 4), st.data())
def test_whatever_is_printed_from_the_facts_is_supported(
    facts: list[float], decimals: int, data: st.DataObject
) -> None:
    value = data.draw(st.sampled_from(facts))
    assert unsupported_numbers(f"It is {value:,.{decimals}f}.", facts) == []


@given(st.floats(0, 1), st.integers(0, 3))
def test_whatever_is_printed_as_a_percentage_is_supported(share: float, decimals: int) -> None:
    assert unsupported_numbers(f"{share:.{decimals}%}", [share]) == []
