"""Three tables that questions are asked of: English sales, the same in Korean, and customers who stay or leave."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.nlp.answering import answer_question
from mesh.language import detect_language

Ask = Callable[[str, str], dict[str, Any]]
SALES = {
    "order_id": ("integer", "identifier"),
    "order_date": ("datetime", "date"),
    "region": ("string", "geo"),
    "product": ("string", "category"),
    "customer_id": ("integer", "identifier"),
    "channel": ("string", "category"),
    "unit_price": ("number", "intensive"),
    "quantity": ("integer", "count"),
    "revenue": ("number", "measure"),
}
KOREAN = ["주문번호", "주문일", "지역", "상품명", "고객번호", "판매채널", "단가", "수량", "매출액"]
CHURN = {
    "customerID": ("string", "identifier"),
    "gender": ("string", "category"),
    "SeniorCitizen": ("integer", "boolean"),
    "Partner": ("string", "boolean"),
    "tenure": ("integer", "measure"),
    "InternetService": ("string", "category"),
    "TechSupport": ("string", "category"),
    "Contract": ("string", "category"),
    "PaymentMethod": ("string", "category"),
    "MonthlyCharges": ("number", "intensive"),
    "TotalCharges": ("number", "measure"),
    "Churn": ("string", "boolean"),
}
BIKES = {
    "date": ("datetime", "date"),
    "bike_model": ("string", "category"),
    "price": ("integer", "intensive"),
    "quantity_sold": ("integer", "count"),
    "extended_sales": ("integer", "measure"),
}


def _sales() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    n = 1200
    frame = pd.DataFrame(
        {
            "order_id": np.arange(n),
            "order_date": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1035, n), "D"),
            "region": rng.choice(["Seoul", "Busan", "Daegu"], n, p=[0.5, 0.3, 0.2]),
            "product": rng.choice(["Laptop", "Phone", "Tablet", "Desk Pro 2", "Chair", "Lamp"], n),
            "customer_id": rng.integers(0, 150, n),
            "channel": rng.choice(["Online", "Offline"], n),
            "unit_price": rng.integers(10, 500, n).astype(float),
            "quantity": rng.integers(1, 20, n),
        }
    )
    frame["revenue"] = frame["unit_price"] * frame["quantity"]
    return frame


def _korean(sales: pd.DataFrame) -> pd.DataFrame:
    frame = sales.set_axis(KOREAN, axis=1)
    frame["지역"] = frame["지역"].map({"Seoul": "서울", "Busan": "부산", "Daegu": "대구"})
    frame["판매채널"] = frame["판매채널"].map({"Online": "온라인", "Offline": "오프라인"})
    return frame


def _churn() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = 600
    internet = rng.choice(["DSL", "Fiber optic", "No"], n)
    support = np.where(internet == "No", "No internet service", rng.choice(["Yes", "No"], n))
    tenure = rng.integers(0, 73, n)
    charges = rng.uniform(18, 120, n).round(2)
    return pd.DataFrame(
        {
            "customerID": [f"C{i:04d}" for i in range(n)],
            "gender": rng.choice(["Male", "Female"], n),
            "SeniorCitizen": rng.choice([0, 1], n, p=[0.8, 0.2]),
            "Partner": rng.choice(["Yes", "No"], n),
            "tenure": tenure,
            "InternetService": internet,
            "TechSupport": support,
            "Contract": rng.choice(["Month-to-month", "One year", "Two year"], n),
            "PaymentMethod": rng.choice(["Electronic check", "Mailed check", "Bank transfer (automatic)"], n),
            "MonthlyCharges": charges,
            "TotalCharges": (charges * tenure).round(2),
            "Churn": rng.choice(["Yes", "No"], n, p=[0.27, 0.73]),
        }
    )


def _bikes() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    models = {"Commuter Swift": 495, "Urban Rider": 350, "Carbon Storm": 5000, "Trail Blazer": 1200}
    days = pd.date_range("2021-01-01", "2024-12-31")
    frame = pd.DataFrame(
        [(day, model, price, int(rng.integers(1, 40))) for day in days for model, price in models.items()],
        columns=["date", "bike_model", "price", "quantity_sold"],
    )
    frame["extended_sales"] = frame["price"] * frame["quantity_sold"]
    return frame


@pytest.fixture(scope="session")
def frames() -> dict[str, pd.DataFrame]:
    """The tables by name: `sales`, `korean`, `churn`, `bikes`."""
    sales = _sales()
    return {"sales": sales, "korean": _korean(sales), "churn": _churn(), "bikes": _bikes()}


@pytest.fixture(scope="session")
def schemas() -> dict[str, list[dict[str, str]]]:
    """Column descriptions by table name."""
    tables = {
        "sales": SALES,
        "korean": dict(zip(KOREAN, SALES.values(), strict=True)),
        "churn": CHURN,
        "bikes": BIKES,
    }
    return {
        name: [{"name": c, "type": t, "semantic": s} for c, (t, s) in columns.items()]
        for name, columns in tables.items()
    }


@pytest.fixture(scope="session")
def parquet(frames: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Parquet files by table name."""
    folder = tmp_path_factory.mktemp("tables")
    paths = {}
    for name, frame in frames.items():
        paths[name] = folder / f"{name}.parquet"
        frame.to_parquet(paths[name], index=False)
    return paths


@pytest.fixture(scope="session")
def ask(parquet: dict[str, Path], schemas: dict[str, list[dict[str, str]]]) -> Ask:
    """Asks a question of a table, in the question's language."""

    def run(table: str, question: str) -> dict[str, Any]:
        return answer_question(question, parquet[table], schemas[table], detect_language(question))

    return run
