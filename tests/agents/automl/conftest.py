"""Generated tables with known answers, and orders to train on them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from agents.automl.choice import choose
from agents.automl.order import Order
from mesh.h2o.address import H2OAddress
from mesh.language import detect_language
from mesh.results import Column

MakeOrder = Callable[..., Order]


def columns_of(frame: pd.DataFrame, **semantic: str) -> list[Column]:
    """Columns as ingestion would describe them: numbers are measures, words categories, unless said otherwise."""
    found = []
    for name in frame.columns:
        kind = frame[name].dtype
        if pd.api.types.is_datetime64_any_dtype(kind):
            type_, usual = "datetime", "date"
        elif pd.api.types.is_integer_dtype(kind):
            type_, usual = "integer", "measure"
        elif pd.api.types.is_numeric_dtype(kind):
            type_, usual = "number", "measure"
        else:
            type_, usual = "string", "category"
        found.append(Column(name=name, type=type_, semantic=semantic.get(name, usual)))  # type: ignore[arg-type]
    return found


def daily_sales(days: int = 730, *, seed: int = 7) -> pd.DataFrame:
    """Two shops a day: level 100 plus 0.05 a day, weekends 40 higher, noise of standard deviation 3."""
    dates = pd.date_range("2022-01-03", periods=days, freq="D")
    noise = np.random.default_rng(seed).normal(0, 3, days)
    total = 100 + 0.05 * np.arange(days) + 40 * (dates.day_of_week >= 5) + noise
    half = pd.DataFrame({"date": dates, "shop": "A", "sales": total / 2})
    return pd.concat([half, half.assign(shop="B")]).sort_values(["date", "shop"], ignore_index=True)


def customers(rows: int = 600, *, seed: int = 3) -> pd.DataFrame:
    """Churn with probability 1/(1+exp(-(1.5 - 0.12 tenure + 1.2 monthly contract))); `note` is noise."""
    random = np.random.default_rng(seed)
    tenure = random.integers(1, 60, rows)
    contract = random.choice(["monthly", "yearly"], rows)
    chance = 1 / (1 + np.exp(-(1.5 - 0.12 * tenure + 1.2 * (contract == "monthly"))))
    return pd.DataFrame(
        {
            "customer": [f"C{i:05d}" for i in range(rows)],
            "tenure": tenure,
            "contract": contract,
            "note": random.normal(size=rows),
            "churn": np.where(random.random(rows) < chance, "Yes", "No"),
        }
    )


@pytest.fixture
def make_order(tmp_path: Path) -> MakeOrder:
    """An order for a table and a question, with the target and task chosen as in production."""

    def make(
        frame: pd.DataFrame,
        question: str,
        columns: list[Column] | None = None,
        *,
        budget_s: float = 240,
        h2o: H2OAddress | None = None,
        horizon: int | None = None,
    ) -> Order:
        path = tmp_path / "table.parquet"
        frame.to_parquet(path, index=False)
        known = columns or columns_of(frame)
        language = detect_language(question)
        return Order(
            table=path,
            columns=known,
            question=question,
            language=language,
            choice=choose(question, frame, known, language),
            folder=tmp_path,
            project="test",
            budget_s=budget_s,
            seed=1,
            horizon=horizon,
            h2o=h2o,
        )

    return make


def silent(_fraction: float, _message: str) -> None:
    """Progress that nobody looks at."""
