import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.tabular.figures import figure


@given(st.floats(-1e12, 1e12, allow_subnormal=False))
def test_a_figure_reads_back_to_three_digits(value: float) -> None:
    text = figure(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.005, abs=1e-9)


def test_beyond_what_a_float_holds_to_the_digit_a_power_of_ten_is_shown() -> None:
    assert [figure(1e30), figure(-1.25e16), figure(9e15)] == ["1e+30", "-1.25e+16", "9,000,000,000,000,000"]
