"""Numbers and formulas in the words of a report."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.quality.assessment import assess_file
from agents.quality.figures import Figure
from agents.quality.narrative import findings_of, kpis_of, summary_of
from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Column

TODAY = dt.date(2024, 6, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12_150_000.0, "12,150,000"),
        (38_700_000.4, "38,700,000"),
        (-1e15, "-1,000,000,000,000,000"),
        (1234.5, "1,234.5"),
        (999_999.9, "1,000,000"),
        (100.0, "100"),
        (0.0, "0"),
        (0.00015, "0.00015"),
        (1 / 3, "0.333333"),
    ],
)
def test_a_number_reads_as_people_write_it(value: float, text: str) -> None:
    assert f"{Figure(value)}" == text
    assert f"{Figure(value):.1f}" == f"{value:.1f}"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_never_has_an_exponent_and_stays_itself(value: float) -> None:
    text = str(Figure(value))
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=1e-5, abs=1e-300)


def spoken(language: Language, tmp_path: Path) -> tuple[dict[str, object], str]:
    """The report on fifty prices of about ten million of which one is far off, and all of its prose."""
    path = tmp_path / "prices.parquet"
    prices = [10_000_000.0 + 43_000 * row for row in range(50)]
    prices[7] = 387_000_000.0
    pd.DataFrame({"price": prices}).to_parquet(path)
    columns = [Column(name="price", type="number", semantic="measure")]
    data = assess_file(path, columns, language, 5, TODAY)
    prose = [finding.text for finding in findings_of(data, language)]
    return data, " ".join(
        [summary_of(data, language), *prose, *(k.note or "" for k in kpis_of(data, language))]
    )


@pytest.mark.parametrize("language", ["en", "ko"])
def test_large_numbers_are_printed_with_separators(language: Language, tmp_path: Path) -> None:
    _, prose = spoken(language, tmp_path)
    assert "387,000,000" in prose
    assert "e+" not in prose


def test_the_formula_of_the_score_is_in_the_language_of_the_question(tmp_path: Path) -> None:
    english, _ = spoken("en", tmp_path)
    korean, prose = spoken("ko", tmp_path)
    assert str(english["score_formula"]).startswith(
        "100 × completeness × uniqueness × validity × consistency ="
    )
    assert str(korean["score_formula"]).startswith("100 × 완전성 × 유일성 × 유효성 × 일관성 =")
    assert str(korean["score_formula"]) in prose
    assert str(english["score_formula"]).split("=")[1:] == str(korean["score_formula"]).split("=")[1:]


@pytest.mark.parametrize(("language", "words"), [("en", "no rows"), ("ko", "행이나 열이 없어")])
def test_a_dataset_without_rows_is_refused_in_the_language_of_the_question(
    language: Language, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "none.parquet"
    pd.DataFrame({"a": pd.Series([], dtype=pd.ArrowDtype(pa.string()))}).to_parquet(path)
    with pytest.raises(BadInputError, match=words):
        assess_file(path, [Column(name="a", type="string")], language, 5, TODAY)
