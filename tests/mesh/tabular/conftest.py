import pandas as pd
import pytest

from mesh.results import Column

Table = tuple[pd.DataFrame, list[Column]]


@pytest.fixture
def shop() -> Table:
    """Twelve days of sales in three regions, revenue being price times quantity."""
    days = pd.date_range("2024-01-01", periods=12).repeat(3)
    frame = pd.DataFrame({"date": days, "region": ["Seoul", "Busan", "Jeju"] * 12})
    frame["price"] = [9.0, 10.0, 11.0, 12.0] * 9
    frame["quantity"] = [float(1 + row % 7) for row in range(len(frame))]
    frame["revenue"] = frame["price"] * frame["quantity"]
    columns = [
        Column(name="date", type="datetime", semantic="date"),
        Column(name="region", type="string", semantic="category"),
        Column(name="price", type="number", semantic="intensive"),
        Column(name="quantity", type="integer", semantic="count"),
        Column(name="revenue", type="number", semantic="measure"),
    ]
    return frame, columns


@pytest.fixture
def customers() -> Table:
    """Customers with a contract, an age, and whether they left."""
    frame = pd.DataFrame(
        {
            "id": [f"c{row:05d}" for row in range(40)],
            "contract": ["monthly", "yearly"] * 20,
            "age": [20.0 + row for row in range(40)],
            "churn": ["Yes", "No", "No", "No"] * 10,
        }
    )
    columns = [
        Column(name="id", type="string", semantic="identifier"),
        Column(name="contract", type="string", semantic="category"),
        Column(name="age", type="number", semantic="intensive"),
        Column(name="churn", type="string", semantic="category"),
    ]
    return frame, columns
