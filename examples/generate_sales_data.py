"""Make `sales_data.csv`: three years of daily sales, four products in four regions, the same bytes each time.

    python examples/generate_sales_data.py [PATH]

The data are invented. Everything that an analysis can find in them is put in here, by the constants below:

- demand grows by the region's `YEARLY_GROWTH`, peaks at the weekend and follows each product's season;
- a promotion takes `PROMOTION_DISCOUNT` off the price and multiplies demand by the product's own lift;
- list prices rise on the dates of `PRICE_CHANGES`, and demand answers with `PRICE_ELASTICITY`;
- revenue is quantity x unit_price x (1 - discount), in Korean won;
- and the flaws of a real export: see `Flaws`.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

SEED = 20230101
START = "2023-01-01"
END = "2025-12-31"

YEARLY_GROWTH = {"Seoul": 0.12, "Busan": 0.08, "Daegu": 0.03, "Jeju": 0.18}
REGION_SIZE = {"Seoul": 1.0, "Busan": 0.62, "Daegu": 0.45, "Jeju": 0.28}
WEEKDAY_DEMAND = (0.92, 0.90, 0.93, 0.98, 1.12, 1.28, 1.15)  # Monday first
PROMOTION_DISCOUNT = 0.15
PRICE_ELASTICITY = -0.8
PRICE_CHANGES = {"2023-09-01": 1.05, "2024-07-01": 1.04, "2025-03-01": 1.06}

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Product:
    """`peak_day` (1-366) is when its season is highest, `season` the amplitude as a share of the mean."""

    name: str
    category: str
    price: int
    daily_quantity: int
    season: float
    peak_day: int
    promotion_lift: float


PRODUCTS = (
    Product("Coffee", "Beverage", 14_900, 120, 0.24, 345, 1.30),
    Product("Green Tea", "Beverage", 9_900, 80, 0.15, 15, 1.22),
    Product("Ice Cream", "Dessert", 5_500, 130, 0.45, 205, 1.45),
    Product("Chocolate", "Dessert", 7_900, 95, 0.30, 355, 1.55),
)


@dataclass(frozen=True)
class Flaws:
    """How many rows carry which flaw. No row carries two, apart from copies."""

    missing_price: int = 60
    missing_quantity: int = 45
    missing_region: int = 20
    misspelt_region: int = 24
    outliers: int = 6
    duplicates: int = 12
    returns: int = 1


FLAWS = Flaws()


def generate() -> pd.DataFrame:
    """The table, one row per day, region and product plus the duplicates, sorted by date.

    Columns: date (ISO text), region, product, category, promotion (`yes`/`no`), unit_price (won),
    discount (share), quantity, revenue (won). unit_price, quantity and region have missing values.
    """
    random = np.random.default_rng(SEED)
    days = pd.date_range(START, END, freq="D")
    parts = [
        _sales(days, region, product, random, position)
        for position, (region, product) in enumerate((r, p) for r in REGION_SIZE for p in PRODUCTS)
    ]
    clean = pd.concat(parts).sort_values(["date", "position"], kind="stable").drop(columns="position")
    return _with_flaws(clean.reset_index(drop=True), random)


def _sales(
    days: pd.DatetimeIndex, region: str, product: Product, random: np.random.Generator, position: int
) -> pd.DataFrame:
    promotion = _promotion_days(len(days), random)
    price_factor = _price_factor(days)
    price = (product.price * price_factor / 100).round() * 100
    demand = (
        product.daily_quantity
        * REGION_SIZE[region]
        * _trend(len(days), YEARLY_GROWTH[region])
        * np.asarray(WEEKDAY_DEMAND)[days.day_of_week]
        * (1 + product.season * np.cos(2 * np.pi * (days.day_of_year - product.peak_day) / 365.25))
        * np.where(promotion, product.promotion_lift, 1.0)
        * price_factor**PRICE_ELASTICITY
        * _noise(len(days), random)
    )
    quantity = random.poisson(np.asarray(demand).round(6))
    discount = np.where(promotion, PROMOTION_DISCOUNT, 0.0)
    return pd.DataFrame(
        {
            "date": days.strftime("%Y-%m-%d"),
            "region": region,
            "product": product.name,
            "category": product.category,
            "promotion": np.where(promotion, "yes", "no"),
            "unit_price": price.astype("int64"),
            "discount": discount,
            "quantity": quantity,
            "revenue": (quantity * price * (1 - discount)).round().astype("int64"),
            "position": position,
        }
    )


def _trend(days: int, yearly_growth: float) -> Floats:
    return np.asarray((1 + yearly_growth) ** (np.arange(days) / 365.25))


def _promotion_days(days: int, random: np.random.Generator) -> Bools:
    """A promotion of 4 to 10 days starts about every six weeks."""
    promotion = np.zeros(days, dtype=bool)
    day = int(random.integers(5, 40))
    while day < days:
        length = int(random.integers(4, 11))
        promotion[day : day + length] = True
        day += length + int(random.integers(25, 50))
    return promotion


def _price_factor(days: pd.DatetimeIndex) -> Floats:
    factor = np.ones(len(days))
    for date, change in PRICE_CHANGES.items():
        factor[days >= pd.Timestamp(date)] *= change
    return factor


def _noise(days: int, random: np.random.Generator) -> Floats:
    """Good and bad spells: a log-normal factor, correlated from day to day (0.6), standard deviation 8 %."""
    shocks = random.normal(0, 0.08 * np.sqrt(1 - 0.6**2), days)
    level = np.zeros(days)
    for day in range(1, days):
        level[day] = 0.6 * level[day - 1] + shocks[day]
    return np.asarray(np.exp(level))


def _with_flaws(clean: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    flawed = clean.astype({"unit_price": "Int64", "quantity": "Int64"})
    sizes = (
        FLAWS.missing_price,
        FLAWS.missing_quantity,
        FLAWS.missing_region,
        FLAWS.misspelt_region,
        FLAWS.outliers,
        FLAWS.returns,
        FLAWS.duplicates,
    )
    chosen = random.choice(len(flawed), size=sum(sizes), replace=False)
    no_price, no_quantity, no_region, misspelt, outliers, returned, copied = np.split(
        chosen, np.cumsum(sizes)[:-1]
    )
    flawed.loc[no_price, "unit_price"] = pd.NA
    flawed.loc[no_quantity, "quantity"] = pd.NA
    flawed.loc[no_region, "region"] = None
    for number, row in enumerate(misspelt):
        region = str(flawed.loc[row, "region"])
        flawed.loc[row, "region"] = (region.lower(), region.upper(), f"{region} ")[number % 3]
    flawed.loc[outliers, ["quantity", "revenue"]] *= 25
    flawed.loc[returned, ["quantity", "revenue"]] *= -1
    return pd.concat([flawed, flawed.loc[copied]]).sort_values("date", kind="stable").reset_index(drop=True)


def write(path: Path) -> int:
    """Write the table as CSV (UTF-8, `\\n`) and return the number of rows."""
    table = generate()
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())
    return len(table)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("sales_data.csv")
    print(f"{write(target):,} rows -> {target}")
