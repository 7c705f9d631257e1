import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.visualization.wording import compact, label, nice_ticks, tick_texts
from mesh.language import Language


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (338_113_000, "ko", "3.38억"),
        (12_105_580, "ko", "1,211만"),
        (9_500, "ko", "9,500"),
        (1.5e12, "ko", "1.50조"),
        (338_113_000, "en", "338M"),
        (12_105_580, "en", "12.1M"),
        (950, "en", "950"),
        (16_046, "en", "16,046"),
        (16_046, "ko", "16,046"),
        (160_460, "en", "160K"),
        (160_460, "ko", "16.0만"),
    ],
)
def test_compact_numbers(value: float, language: Language, text: str) -> None:
    assert compact(value, language) == text


@pytest.mark.parametrize(
    ("ticks", "language", "texts"),
    [
        ([0, 2.5e6, 5e6], "en", ["0", "2.5M", "5.0M"]),
        ([0, 2e7, 4e7], "ko", ["0", "2,000만", "4,000만"]),
        ([0, 1e8, 2e8], "ko", ["0", "1억", "2억"]),
        ([0, 5000, 10000], "ko", ["0", "5,000", "10,000"]),
    ],
)
def test_all_ticks_of_an_axis_share_a_unit(ticks: list[float], language: Language, texts: list[str]) -> None:
    assert tick_texts(ticks, language, percent=False) == texts


def test_percent_ticks() -> None:
    assert tick_texts([0, 0.2, 0.4], "en", percent=True) == ["0%", "20%", "40%"]


@given(st.floats(-1e6, 1e6), st.floats(1e-2, 1e9))
def test_ticks_cover_the_range_in_equal_steps(low: float, span: float) -> None:
    ticks = nice_ticks(low, low + span)
    assert 2 <= len(ticks) <= 12
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + 1e-6 * step
    assert ticks[-1] >= low + span - 1e-6 * step
    assert ticks == sorted(set(ticks))


def test_labels_are_read_like_words() -> None:
    assert [label("unit_price"), label("매출"), label("MonthlyCharges")] == [
        "Unit price",
        "매출",
        "MonthlyCharges",
    ]
