"""Four tables that labelled questions are asked of: sales, customers who stay or leave, joined orders, employees."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
MEANING = {
    "sales": "date:date region:geo product:category category:category promotion:boolean unit_price:intensive "
    "discount:intensive quantity:count revenue:measure",
    "churn": "customerID:identifier gender:category SeniorCitizen:boolean Partner:boolean tenure:measure "
    "InternetService:category TechSupport:category Contract:category PaymentMethod:category "
    "MonthlyCharges:intensive TotalCharges:measure Churn:boolean",
    "shop": "order_id:identifier order_date:date customer_id:identifier quantity:count amount:measure "
    "status:category city:geo segment:category product_name:category category:category list_price:intensive",
    "hr": "employee_id:identifier department:category job_title:category gender:category age:intensive "
    "hire_date:date salary:intensive bonus:measure remote:boolean",
}
_TYPES = {"i": "integer", "f": "number", "M": "datetime", "b": "boolean"}


@dataclass(frozen=True)
class AskedTable:
    """A table as it comes, its columns as a dataset's reference describes them, and the clean form that SQL is asked of."""

    name: str
    frame: pd.DataFrame
    columns: list[dict[str, str]]
    clean: pd.DataFrame


def asked_tables() -> dict[str, AskedTable]:
    """The tables by name: the example sales data as it is shipped, the others generated, the same each time."""
    sales = pd.read_csv(ROOT / "examples/sales_data.csv", parse_dates=["date"])
    frames = {"sales": sales, "churn": _churn(), "shop": _shop(), "hr": _employees()}
    return {name: described_table(name, frame, MEANING[name]) for name, frame in frames.items()}


def described_table(name: str, frame: pd.DataFrame, words: str) -> AskedTable:
    """`frame` with its columns described by `words`: `column:meaning` for each."""
    meaning = dict(pair.split(":") for pair in words.split())
    columns = [
        {"name": c, "type": _TYPES.get(frame[c].dtype.kind, "string"), "semantic": meaning[c]}
        for c in meaning
    ]
    clean = frame.assign(region=frame["region"].str.strip().str.title()) if "region" in frame else frame
    return AskedTable(name, frame, columns, clean)


def _churn() -> pd.DataFrame:
    rng, n = np.random.default_rng(11), 600
    internet = rng.choice(["DSL", "Fiber optic", "No"], n, p=[0.4, 0.4, 0.2])
    support = np.where(internet == "No", "No internet service", rng.choice(["Yes", "No"], n))
    tenure, charges = rng.integers(0, 73, n), rng.uniform(18, 120, n).round(2)
    return pd.DataFrame(
        {
            "customerID": [f"C{i:04d}" for i in range(n)],
            "gender": rng.choice(["Male", "Female"], n),
            "SeniorCitizen": rng.choice([0, 1], n, p=[0.8, 0.2]),
            "Partner": rng.choice(["Yes", "No"], n),
            "tenure": tenure,
            "InternetService": internet,
            "TechSupport": support,
            "Contract": rng.choice(["Month-to-month", "One year", "Two year"], n, p=[0.5, 0.2, 0.3]),
            "PaymentMethod": rng.choice(["Electronic check", "Mailed check", "Bank transfer"], n),
            "MonthlyCharges": charges,
            "TotalCharges": (charges * tenure).round(2),
            "Churn": rng.choice(["Yes", "No"], n, p=[0.27, 0.73]),
        }
    )


def _shop() -> pd.DataFrame:
    rng, n = np.random.default_rng(5), 1500
    customers = pd.DataFrame(
        {
            "customer_id": np.arange(1, 81),
            "city": rng.choice(["Seoul", "Busan", "Incheon", "Daejeon"], 80, p=[0.4, 0.3, 0.2, 0.1]),
            "segment": rng.choice(["Consumer", "Corporate"], 80),
        }
    )
    names = ["Oak Desk", "Steel Chair", "Paper Box", "Ink Pack", "Laser Printer", "Web Camera"]
    products = pd.DataFrame(
        {
            "product_id": np.arange(1, 7),
            "product_name": names,
            "category": ["Furniture", "Furniture", "Office", "Office", "Technology", "Technology"],
            "list_price": [420.0, 150.0, 30.0, 55.0, 610.0, 90.0],
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": np.arange(1000, 1000 + n),
            "order_date": pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 731, n), "D"),
            "customer_id": rng.integers(1, 81, n),
            "product_id": rng.integers(1, 7, n),
            "quantity": rng.integers(1, 11, n),
            "status": rng.choice(["delivered", "returned", "cancelled"], n, p=[0.85, 0.1, 0.05]),
        }
    )
    joined = orders.merge(customers, on="customer_id").merge(products, on="product_id")
    joined["amount"] = (joined["list_price"] * joined["quantity"]).round(2)
    return joined.drop(columns="product_id")


def _employees() -> pd.DataFrame:
    rng, n = np.random.default_rng(23), 400
    departments = ["Engineering", "Sales", "Marketing", "Finance", "Support"]
    return pd.DataFrame(
        {
            "employee_id": np.arange(1, n + 1),
            "department": rng.choice(departments, n, p=[0.3, 0.25, 0.2, 0.15, 0.1]),
            "job_title": rng.choice(["Analyst", "Manager", "Director", "Associate"], n),
            "gender": rng.choice(["Male", "Female"], n),
            "age": rng.integers(22, 62, n),
            "hire_date": pd.Timestamp("2017-01-01") + pd.to_timedelta(rng.integers(0, 2800, n), "D"),
            "salary": rng.integers(40_000, 100_000, n),
            "bonus": rng.integers(0, 9_000, n),
            "remote": rng.choice(["Yes", "No"], n),
        }
    )
