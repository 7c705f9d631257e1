"""What is said of planted effects, and that nothing is said of noise."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.eda.service import explore
from mesh.results import Column, Finding

Table = tuple[pd.DataFrame, list[Column]]
Writer = Callable[[pd.DataFrame], Path]
NOISE = [
    Column(name="day", type="date", semantic="date"),
    Column(name="group", type="string", semantic="category"),
    Column(name="kind", type="string", semantic="category"),
    Column(name="left", type="string", semantic="category"),
    *(Column(name=f"v{i}", type="number", semantic="intensive") for i in range(4)),
]


def _noise(seed: int, n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "day": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 730, n), unit="D"),
            "group": rng.choice(list("abcdef"), n),
            "kind": rng.choice(["x", "y", "z"], n),
            "left": rng.choice(["yes", "no"], n),
            **{f"v{i}": rng.gamma(3, 2, n) for i in range(4)},
        }
    )


def _claims(found: list[Finding]) -> list[str]:
    """The sentences that claim an effect: everything but facts, methods and null results."""
    null = ("No ", "no statistically", "no convincing", "evenly", "within its usual", "could be shown")
    kinds = {
        "comparison",
        "correlation",
        "driver",
        "season",
        "weekday",
        "trend",
        "paradox",
        "missing",
        "growth",
    }
    return [f.text for f in found if f.kind in kinds and not any(word in f.text for word in null)]


def test_noise_gives_no_claims(parquet: Writer) -> None:
    claims = [
        _claims(explore(parquet(_noise(seed)), NOISE, "Analyse the data: who left?", "en").findings)
        for seed in range(15)
    ]
    # Each table holds some thirty corrected tests of several kinds, each kind at 5 %
    assert sum(bool(said) for said in claims) <= 5, claims
    assert sum(len(said) for said in claims) <= 8, claims


def test_noise_is_said_to_show_nothing(parquet: Writer) -> None:
    result = explore(parquet(_noise(3)), NOISE, "does v0 differ between groups?", "en")
    assert any("No statistically clear difference" in f.text for f in result.findings)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_difference_outranks_the_rest(parquet: Writer, seed: int) -> None:
    frame = _noise(seed)
    frame["v1"] += np.where(frame["kind"] == "y", 6.0, 0.0)
    columns = [c for c in NOISE if c.name != "left"]
    result = explore(parquet(frame.drop(columns="left")), columns, "what stands out?", "en")
    strongest = next(f for f in result.findings if _claims([f]))
    assert {"v1", "kind"} <= set(map(str, strongest.evidence.values()))


def test_a_planted_outcome_is_told_with_its_lift(customers: Table, parquet: Writer) -> None:
    frame, columns = customers
    result = explore(parquet(frame), columns, "why do customers churn?", "en")
    rates = frame.assign(hit=frame["churn"] == "Yes").groupby("contract")["hit"].mean()
    (told,) = [f for f in result.findings if f.kind == "driver" and f.evidence.get("dimension") == "contract"]
    assert told.evidence["lift"] == pytest.approx(rates["monthly"] / (frame["churn"] == "Yes").mean())
    assert not any(f.evidence.get("dimension") == "colour" and f.kind == "driver" for f in result.findings)


def test_one_story_is_told_once(parquet: Writer) -> None:
    rng = np.random.default_rng(131)
    product = rng.choice(["tea", "coffee", "cake", "pie"], 600, p=[0.5, 0.2, 0.2, 0.1])
    frame = pd.DataFrame(
        {
            "product": product,
            "section": np.where(np.isin(product, ["tea", "coffee"]), "drinks", "food"),
            "amount": rng.gamma(3, 2, 600),
        }
    )
    columns = [
        Column(name="product", type="string", semantic="category"),
        Column(name="section", type="string", semantic="category"),
        Column(name="amount", type="number", semantic="measure"),
    ]
    result = explore(parquet(frame), columns, "analyse the amount", "en")
    assert len([f for f in result.findings if f.kind == "breakdown"]) == 1


def test_the_page_holds_every_column_and_asks_for_nothing(
    shop: Table, parquet: Writer, tmp_path: Path
) -> None:
    frame, columns = shop
    page = tmp_path / "page.html"
    result = explore(parquet(frame), columns, "매출 <b>분석</b>", "ko", page)
    text = page.read_text(encoding="utf-8")
    assert all(column.name in text for column in columns)
    prose = html.unescape(re.sub(r"<[^>]+>", "", text))
    assert result.findings[0].text in " ".join(prose.split())
    assert "<b>분석</b>" not in text
    assert 'src="http' not in text
    assert "default-src 'none'" in text
    assert "connect-src" not in text
