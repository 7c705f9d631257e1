from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.visualization.request_reading import read_request
from agents.visualization.scene import Scene
from agents.visualization.table import read_table
from mesh.language import detect_language
from mesh.results import Column
from mesh.tabular.focus import choose_focus

Table = tuple[pd.DataFrame, list[Column]]


@pytest.fixture
def shop() -> Table:
    """Two full years of daily sales in fifteen cities, two of them large; a price that is no sum; a
    promotion flag."""
    rng = np.random.default_rng(5)
    days = pd.date_range("2022-01-01", "2023-12-31", freq="D")
    cities = [f"City {letter}" for letter in "ABCDEFGHIJKLMNO"]
    parts = []
    for rank, city in enumerate(cities, start=1):
        quantity = np.round(200 / rank * (1 + np.arange(len(days)) / 1500)) + rng.integers(0, 5, len(days))
        price = rng.choice([4.0, 5.0, 6.0], len(days))
        parts.append(
            pd.DataFrame(
                {
                    "date": days,
                    "region": city,
                    "promotion": rng.choice(["yes", "no"], len(days)),
                    "unit_price": price,
                    "quantity": quantity,
                    "revenue": price * quantity,
                }
            )
        )
    columns = [
        Column(name="date", type="datetime", semantic="date"),
        Column(name="region", type="string", semantic="geo"),
        Column(name="promotion", type="string", semantic="boolean"),
        Column(name="unit_price", type="number", semantic="intensive"),
        Column(name="quantity", type="integer", semantic="count"),
        Column(name="revenue", type="number", semantic="measure"),
    ]
    return pd.concat(parts, ignore_index=True), columns


@pytest.fixture
def scene_of(shop: Table, parquet: Callable[[pd.DataFrame], Path]) -> Callable[..., Scene]:
    """The scene of a question about the shop, in the language of the question."""
    table = read_table(parquet(shop[0]), shop[1])

    def make(goal: str, **inputs: dict[str, Any]) -> Scene:
        return Scene(
            whole=table,
            focus=choose_focus(table.outline(), goal),
            request=read_request(table, goal),
            language=detect_language(goal),
            name="shop",
            inputs=inputs,
        )

    return make


@pytest.fixture
def forecast() -> dict[str, Any]:
    """A forecast of six months after two years of history."""
    history = pd.date_range("2022-01-01", periods=24, freq="MS")
    future = pd.date_range("2024-01-01", periods=6, freq="MS")
    return {
        "date_column": "date",
        "target": "revenue",
        "aggregation": "sum",
        "frequency": "MS",
        "horizon": 6,
        "history": [{"date": str(d.date()), "value": 1e6 + 1e4 * i} for i, d in enumerate(history)],
        "points": [
            {
                "date": str(d.date()),
                "mean": 1.3e6,
                "lower_80": 1.2e6,
                "upper_80": 1.4e6,
                "lower_95": 1.1e6,
                "upper_95": 1.5e6,
            }
            for d in future
        ],
        "total": 7.8e6,
        "total_lower_95": 6.9e6,
        "total_upper_95": 8.7e6,
        "model": "Holt-Winters",
        "beats_baseline": True,
    }


@pytest.fixture
def classifier() -> dict[str, Any]:
    """A classification model's report."""
    return {
        "task": "classification",
        "target": "churn",
        "metric": "auc",
        "leaderboard": [
            {"rank": 1, "model": "GBM", "auc": 0.84, "baseline": False},
            {"rank": 2, "model": "Prior", "auc": 0.5, "baseline": True},
        ],
        "best": {"model": "GBM", "auc": 0.84},
        "beats_baseline": True,
        "importance": [{"feature": "contract", "importance": 0.6}, {"feature": "age", "importance": 0.4}],
        "holdout": {
            "confusion": {"labels": ["No", "Yes"], "matrix": [[80, 10], [5, 5]]},
            "roc": [[0.0, 0.0], [0.5, 1.0], [1.0, 1.0]],
        },
    }


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[[pd.DataFrame], Path]:
    """Writes a frame to a Parquet file."""

    def write(frame: pd.DataFrame) -> Path:
        path = tmp_path / "data.parquet"
        frame.to_parquet(path)
        return path

    return write
