"""The quality page: everything in the report is on it, it asks for nothing, and it stays small."""

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.quality.assessment import assess_file
from agents.quality.page import write_page
from mesh.language import Language
from mesh.results import Column

SEMANTICS: dict[str, Any] = {"id": "identifier", "city": "category", "sales": "measure"}


class Reader(HTMLParser):
    """Collects a page's text, its headings' levels and every address it refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.levels: list[int] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(frame: pd.DataFrame, folder: Path, language: Language = "en") -> tuple[str, dict[str, Any]]:
    path = folder / "data.parquet"
    frame.to_parquet(path, index=False)
    columns = [Column(name=n, type="string", semantic=SEMANTICS.get(n, "unknown")) for n in frame.columns]
    data = assess_file(path, columns, language, 5, dt.date(2026, 1, 1))
    write_page(data, "shops <b>&", language, folder / "page.html")
    return (folder / "page.html").read_text(encoding="utf-8"), data


def dirty(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "id": np.arange(rows),
            "city": rng.choice(["Seoul", "Busan"], rows),
            "sales": np.round(rng.normal(100, 9, rows), 2),
        }
    )
    frame.loc[:8, "city"] = None
    frame.loc[20, "city"] = "SEOUL <script>alert(1)</script>"
    frame.loc[30, "sales"] = 9_999_999.0
    return pd.concat([frame, frame.iloc[[40]]], ignore_index=True)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_score_alerts_columns_and_missing_values_are_on_the_page(tmp_path: Path, language: Language) -> None:
    html, data = page(dirty(), tmp_path, language)
    reader = Reader()
    reader.feed(html)
    text = " ".join(" ".join(reader.texts).split())

    assert f"{data['score']:.2f}" in text
    assert data["score_formula"] in text
    for issue in data["issues"]:
        assert " ".join(issue["message"].split()) in text
    assert {profile["name"] for profile in data["column_profiles"]} <= set(text.split())
    assert f"{data['complete_rows']:,}" in text
    assert all(after - before <= 1 for before, after in zip(reader.levels, reader.levels[1:], strict=False))


def test_values_of_the_data_cannot_become_markup_and_nothing_is_fetched(tmp_path: Path) -> None:
    html, _ = page(dirty(), tmp_path)
    reader = Reader()
    reader.feed(html)

    assert "<script>alert" not in html
    assert "shops &lt;b&gt;&amp;" in html
    assert all(address.startswith(("#", "data:")) for address in reader.addresses)
    assert "url(http" not in html


def test_a_table_without_a_fault_says_so(tmp_path: Path) -> None:
    html, data = page(dirty().iloc[50:150].drop_duplicates(), tmp_path)

    assert data["issues"] == []
    assert "Nothing was found." in html


def test_two_hundred_columns_make_a_page_of_less_than_three_megabytes(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    numbers = {f"number_{n}": rng.normal(n, 1, 300) for n in range(100)}
    words = {f"word_{n}": rng.choice([f"level {n} {k}" for k in range(12)], 300) for n in range(100)}

    html, _ = page(pd.DataFrame({**numbers, **words}), tmp_path)

    assert len(html.encode()) < 3_000_000
    assert "number_99" in html
    assert "word_99" in html
