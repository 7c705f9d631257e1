"""The bundled sales file is what its generator makes, and holds what the generator says it holds."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_sales_data", EXAMPLES / "generate_sales_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sales() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "sales_data.csv", parse_dates=["date"])


def test_the_generator_makes_the_bundled_bytes_again(tmp_path: Path) -> None:
    made = tmp_path / "sales_data.csv"
    subprocess.run(
        [sys.executable, EXAMPLES / "generate_sales_data.py", made], check=True, capture_output=True
    )
    assert made.read_bytes() == (EXAMPLES / "sales_data.csv").read_bytes()


def test_three_years_of_every_product_in_every_region(sales: pd.DataFrame) -> None:
    days = (pd.Timestamp("2025-12-31") - pd.Timestamp("2023-01-01")).days + 1
    assert sales["date"].nunique() == days == 1096
    assert len(sales.drop_duplicates()) == days * 4 * 4
    assert sales["product"].nunique() == 4


def test_the_flaws_are_as_many_as_the_generator_says(sales: pd.DataFrame, generator: ModuleType) -> None:
    flaws = generator.FLAWS
    once = sales.drop_duplicates()
    assert len(sales) - len(once) == flaws.duplicates
    assert int(once["unit_price"].isna().sum()) == flaws.missing_price
    assert int(once["quantity"].isna().sum()) == flaws.missing_quantity
    assert int(once["region"].isna().sum()) == flaws.missing_region
    named = once["region"].dropna()
    assert int((~named.isin(list(generator.REGION_SIZE))).sum()) == flaws.misspelt_region
    assert int((once["quantity"] < 0).sum()) == flaws.returns


def test_revenue_is_quantity_times_the_price_paid(sales: pd.DataFrame) -> None:
    full = sales.dropna()
    paid = full["quantity"] * full["unit_price"] * (1 - full["discount"])
    assert float((full["revenue"] - paid).abs().max()) <= 13  # an outlier multiplies half a won by 25


def test_demand_grows_and_peaks_at_the_weekend_and_in_promotions(sales: pd.DataFrame) -> None:
    yearly = sales.groupby(sales["date"].dt.year)["revenue"].sum()
    assert yearly.is_monotonic_increasing
    weekday = sales.groupby(sales["date"].dt.day_of_week)["quantity"].median()
    assert weekday.idxmax() == 5
    chocolate = sales[sales["product"] == "Chocolate"].groupby("promotion")["quantity"].median()
    assert chocolate["yes"] / chocolate["no"] > 1.4
