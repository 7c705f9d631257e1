"""Small tables with known columns, on which labelled requests are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from agents.visualization.table import Table, read_table
from mesh.results import Column

Made = tuple[pd.DataFrame, dict[str, tuple[str, str]]]
NUMBER, TEXT, DATE = "number", "string", "datetime"


def shop() -> Made:
    """Two years of orders, with hours; Korean values under English names."""
    rng = np.random.default_rng(3)
    n = 1200
    frame = pd.DataFrame(
        {
            "order_date": pd.to_datetime("2022-01-01")
            + pd.to_timedelta(np.sort(rng.integers(0, 730 * 24, n)), "h"),
            "region": rng.choice(["서울", "부산", "대구", "인천", "광주"], n),
            "category": rng.choice(["전자", "의류", "식품", "가구"], n),
            "product": rng.choice(["노트북", "이어폰", "셔츠", "바지", "사과", "우유", "책상", "의자"], n),
            "channel": rng.choice(["온라인", "오프라인"], n),
            "size": rng.choice(["S", "M", "L", "XL"], n),
            "quantity": rng.integers(1, 9, n),
            "unit_price": rng.choice([100.0, 250.0, 600.0], n),
            "discount_rate": rng.choice([0.0, 0.1, 0.2], n),
        }
    )
    frame["revenue"] = frame["quantity"] * frame["unit_price"]
    frame.loc[len(frame) - 1, "order_date"] = pd.Timestamp("2023-12-31 10:00")
    meant = {
        "order_date": (DATE, "date"),
        "region": (TEXT, "geo"),
        **dict.fromkeys(("category", "product", "channel", "size"), (TEXT, "category")),
        "quantity": ("integer", "count"),
        "unit_price": (NUMBER, "intensive"),
        "discount_rate": (NUMBER, "intensive"),
        "revenue": (NUMBER, "measure"),
    }
    return frame, meant


def store() -> Made:
    """Half a year of sales in three branches, all in Korean."""
    rng = np.random.default_rng(4)
    n = 600
    frame = pd.DataFrame(
        {
            "날짜": pd.to_datetime("2024-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 182, n)), "D"),
            "지점": rng.choice(["강남점", "홍대점", "잠실점"], n),
            "품목": rng.choice(["커피", "빵", "샐러드"], n),
            "결제수단": rng.choice(["카드", "현금", "간편결제"], n),
            "연령대": rng.choice(["10대", "20대", "30대", "40대", "50대"], n),
            "만족도": rng.choice(["상", "중", "하"], n),
            "수량": rng.integers(1, 5, n),
            "단가": rng.choice([3000.0, 4500.0, 6000.0], n),
        }
    )
    frame["매출액"] = frame["수량"] * frame["단가"]
    meant = {
        "날짜": (DATE, "date"),
        **dict.fromkeys(("지점", "품목", "결제수단", "연령대", "만족도"), (TEXT, "category")),
        "수량": ("integer", "count"),
        "단가": (NUMBER, "intensive"),
        "매출액": (NUMBER, "measure"),
    }
    return frame, meant


def churn() -> Made:
    """Customers of a telephone company, some of whom left."""
    rng = np.random.default_rng(5)
    n = 400
    tenure = rng.integers(1, 72, n)
    monthly = np.round(rng.uniform(20, 110, n), 2)
    frame = pd.DataFrame(
        {
            "customerID": [f"C{i:04d}" for i in range(n)],
            "gender": rng.choice(["Male", "Female"], n),
            "tenure": tenure,
            "Contract": rng.choice(["Month-to-month", "One year", "Two year"], n),
            "PaymentMethod": rng.choice(
                ["Electronic check", "Mailed check", "Bank transfer", "Credit card"], n
            ),
            "MonthlyCharges": monthly,
            "TotalCharges": np.round(monthly * tenure, 2),
            "Churn": rng.choice(["Yes", "No"], n, p=[0.3, 0.7]),
        }
    )
    meant = {
        "customerID": (TEXT, "identifier"),
        "gender": (TEXT, "category"),
        "tenure": ("integer", "intensive"),
        "Contract": (TEXT, "category"),
        "PaymentMethod": (TEXT, "category"),
        "MonthlyCharges": (NUMBER, "intensive"),
        "TotalCharges": (NUMBER, "measure"),
        "Churn": (TEXT, "boolean"),
    }
    return frame, meant


def sensor() -> Made:
    """Three weeks of hourly readings of three machines."""
    rng = np.random.default_rng(6)
    hours = pd.date_range("2024-03-01", periods=21 * 24, freq="h")
    parts = []
    for machine in ("A1", "B2", "C3"):
        level = 20 + 5 * np.sin(np.arange(len(hours)) / 24 * 2 * np.pi) + rng.normal(0, 1, len(hours))
        parts.append(
            pd.DataFrame(
                {
                    "timestamp": hours,
                    "machine": machine,
                    "status": rng.choice(["ok", "warn", "fail"], len(hours), p=[0.9, 0.08, 0.02]),
                    "temperature": np.round(level, 2),
                    "humidity": np.round(80 - level + rng.normal(0, 2, len(hours)), 2),
                    "vibration": np.round(rng.gamma(2.0, 1.0, len(hours)), 3),
                }
            )
        )
    meant = {
        "timestamp": (DATE, "date"),
        "machine": (TEXT, "category"),
        "status": (TEXT, "category"),
        **dict.fromkeys(("temperature", "humidity", "vibration"), (NUMBER, "intensive")),
    }
    return pd.concat(parts, ignore_index=True), meant


def stock() -> Made:
    """A hundred trading days of two shares."""
    rng = np.random.default_rng(7)
    days = pd.bdate_range("2024-01-02", periods=100)
    parts = []
    for ticker, start in (("ACME", 100.0), ("GLOBEX", 40.0)):
        close = np.round(start * np.exp(np.cumsum(rng.normal(0, 0.02, len(days)))), 2)
        opened = np.round(close * (1 + rng.normal(0, 0.01, len(days))), 2)
        parts.append(
            pd.DataFrame(
                {
                    "date": days,
                    "ticker": ticker,
                    "open": opened,
                    "high": np.round(np.maximum(opened, close) * 1.01, 2),
                    "low": np.round(np.minimum(opened, close) * 0.99, 2),
                    "close": close,
                    "volume": rng.integers(1000, 9000, len(days)),
                }
            )
        )
    meant = {
        "date": (DATE, "date"),
        "ticker": (TEXT, "category"),
        **dict.fromkeys(("open", "high", "low", "close"), (NUMBER, "intensive")),
        "volume": ("integer", "count"),
    }
    return pd.concat(parts, ignore_index=True), meant


def places() -> Made:
    """Cafés, schools and parks around Seoul."""
    rng = np.random.default_rng(8)
    n = 120
    frame = pd.DataFrame(
        {
            "name": [f"place {i}" for i in range(n)],
            "lat": np.round(37.5 + rng.normal(0, 0.05, n), 5),
            "lon": np.round(127.0 + rng.normal(0, 0.08, n), 5),
            "kind": rng.choice(["cafe", "school", "park"], n),
            "visitors": rng.integers(10, 900, n),
        }
    )
    meant = {
        "name": (TEXT, "text"),
        "lat": (NUMBER, "geo"),
        "lon": (NUMBER, "geo"),
        "kind": (TEXT, "category"),
        "visitors": ("integer", "count"),
    }
    return frame, meant


def funnel() -> Made:
    """How many users reach each stage of a purchase."""
    frame = pd.DataFrame(
        {"stage": ["visit", "signup", "cart", "purchase"], "users": [10000, 3500, 1200, 480]}
    )
    return frame, {"stage": (TEXT, "category"), "users": ("integer", "count")}


def flows() -> Made:
    """Amounts that move between places."""
    rows = [("coal", "power", 40.0), ("gas", "power", 30.0), ("gas", "heat", 25.0), ("power", "homes", 45.0)]
    rows += [("power", "industry", 25.0), ("heat", "homes", 20.0), ("heat", "losses", 5.0)]
    frame = pd.DataFrame(rows, columns=["source", "target", "amount"])
    return frame, {"source": (TEXT, "category"), "target": (TEXT, "category"), "amount": (NUMBER, "measure")}


TABLES: dict[str, Callable[[], Made]] = {
    made.__name__: made for made in (shop, store, churn, sensor, stock, places, funnel, flows)
}


def columns_of(meant: dict[str, tuple[str, str]]) -> list[Column]:
    """The columns as ingestion would declare them."""
    return [
        Column.model_validate({"name": name, "type": kind, "semantic": semantic})
        for name, (kind, semantic) in meant.items()
    ]


def table_of(name: str, folder: Path) -> Table:
    """One of `TABLES`, written to a Parquet file in `folder` and opened."""
    frame, meant = TABLES[name]()
    path = folder / f"{name}.parquet"
    frame.to_parquet(path)
    return read_table(path, columns_of(meant))


def said(want: dict[str, Any]) -> dict[str, Any]:
    """A label with everything that it does not mention at its default."""
    usual: dict[str, Any] = {"measures": [], "dimensions": [], "time": False, "filters": [], "log": False}
    usual |= dict.fromkeys(
        ("form", "grain", "aggregation", "top", "bottom", "sort", "color", "facet", "title")
    )
    return usual | want
