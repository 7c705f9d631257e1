import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.tabular.figures import figure


@given(st.floats(-1e12, 1e12, allow_subnormal=False))
def test_a_figure_reads_back_to_three_digits(value: float) -> None:
    text = figure(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.005, abs=1e-9)
