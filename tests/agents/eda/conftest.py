from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesh.results import Column
from mesh.tabular.sheet import Sheet, sheet_of

Table = tuple[pd.DataFrame, list[Column]]


@pytest.fixture
def shop() -> Table:
    """Three full years of daily sales in three regions: a yearly and a weekly season, growth, Seoul the
    largest."""
    rng = np.random.default_rng(7)
    days = pd.date_range("2021-01-01", "2023-12-31", freq="D")
    rows = []
    for region, size in (("Seoul", 3.0), ("Busan", 2.0), ("Jeju", 1.0)):
        season = 1 + 0.3 * np.sin(2 * np.pi * days.day_of_year.to_numpy() / 365.25)
        weekly = 1 + 0.2 * (days.day_of_week.to_numpy() >= 5)
        growth = 1 + np.arange(len(days)) / 2000
        quantity = np.maximum(1, np.round(20 * size * season * weekly * growth + rng.normal(0, 2, len(days))))
        price = rng.choice([9.0, 10.0, 11.0], len(days))
        rows.append(
            pd.DataFrame(
                {
                    "date": days,
                    "region": region,
                    "price": price,
                    "quantity": quantity,
                    "revenue": price * quantity,
                }
            )
        )
    columns = [
        Column(name="date", type="datetime", semantic="date"),
        Column(name="region", type="string", semantic="category"),
        Column(name="price", type="number", semantic="intensive"),
        Column(name="quantity", type="integer", semantic="count"),
        Column(name="revenue", type="number", semantic="measure"),
    ]
    return pd.concat(rows, ignore_index=True), columns


@pytest.fixture
def customers() -> Table:
    """Two thousand customers; the monthly contract leaves far more often, the colour means nothing."""
    rng = np.random.default_rng(11)
    contract = rng.choice(["monthly", "yearly"], 2000, p=[0.6, 0.4])
    churn = np.where(rng.random(2000) < np.where(contract == "monthly", 0.4, 0.1), "Yes", "No")
    frame = pd.DataFrame(
        {
            "id": [f"c{i:05d}" for i in range(2000)],
            "contract": contract,
            "colour": rng.choice(["red", "green", "blue"], 2000),
            "age": rng.normal(40, 10, 2000),
            "churn": churn,
        }
    )
    columns = [
        Column(name="id", type="string", semantic="identifier"),
        Column(name="contract", type="string", semantic="category"),
        Column(name="colour", type="string", semantic="category"),
        Column(name="age", type="number", semantic="intensive"),
        Column(name="churn", type="string", semantic="category"),
    ]
    return frame, columns


@pytest.fixture
def as_sheet() -> Callable[..., Sheet]:
    """A sheet from `name=(semantic, values)`."""

    def make(**given: tuple[str, object]) -> Sheet:
        types = {"date": "datetime", "category": "string", "boolean": "boolean"}
        columns = [
            Column.model_validate({"name": name, "type": types.get(semantic, "number"), "semantic": semantic})
            for name, (semantic, _) in given.items()
        ]
        return sheet_of(pd.DataFrame({name: values for name, (_, values) in given.items()}), columns)

    return make


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[[pd.DataFrame], Path]:
    """Writes a frame to a Parquet file."""

    def write(frame: pd.DataFrame) -> Path:
        path = tmp_path / f"data-{len(list(tmp_path.iterdir()))}.parquet"
        frame.to_parquet(path)
        return path

    return write
