"""File names that come from elsewhere."""

from hypothesis import given
from hypothesis import strategies as st

from mesh.cli.saving import file_name


@given(st.text(max_size=300))
def test_any_name_becomes_one_harmless_file_name(name: str) -> None:
    safe = file_name(name)
    assert safe
    assert len(safe) <= 120
    assert not set(safe) & set("/\\\0\n:")
    assert not safe.startswith(".")


def test_ordinary_names_stay_korean_ones_too() -> None:
    assert file_name("월별 매출.png") == "월별 매출.png"
    assert file_name("a/../%2e%2e/revenue (1).png") == "revenue (1).png"
