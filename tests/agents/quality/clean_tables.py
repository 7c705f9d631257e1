"""Tables without errors, in many shapes: whatever is reported as wrong in them is a false alarm."""

import numpy as np
import pandas as pd
from sklearn import datasets

_COUNTRIES = """
    Ireland Iceland Iran Iraq Niger Nigeria Austria Australia Mali Malawi Slovakia Slovenia Germany
    France Spain Italy Japan China India Brazil Canada Mexico Egypt Kenya Ghana Chile Peru Nepal Malta
    Cuba Korea Vietnam Thailand Poland Norway Sweden Finland Denmark Greece Turkey Ukraine Latvia
    Lithuania Estonia Zambia Gambia Guinea Guyana
"""
COUNTRIES = _COUNTRIES.split()
_FIRST_NAMES = """
    Maria Marie Mario Anna Anne Anja Hanna Hannah Jan Jon John Joan Joanna Johanna Erik Erika Erica Eric
    Sara Sarah Sofia Sophia Carl Karl Carla Karla Lena Lina Lisa Liza Nina Nora Peter Petra Paul Paula
    Julia Julian Juliana Daniel Daniela Danielle
"""
FIRST_NAMES = _FIRST_NAMES.split()
_WORDS = """
    good tea with a price that is fair and delivery which came on time but box was damaged so I would
    buy again because taste stays fine even after month in cupboard very happy slow support answered
    late
"""
WORDS = _WORDS.split()


def clean_tables() -> dict[str, tuple[pd.DataFrame, dict[str, str]]]:
    """Tables by name, each with the meaning of its columns."""
    return {**_bundled(), **_made()}


def _bundled() -> dict[str, tuple[pd.DataFrame, dict[str, str]]]:
    loaders = {
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast_cancer": datasets.load_breast_cancer,
        "diabetes": datasets.load_diabetes,
        "digits": datasets.load_digits,
        "linnerud": datasets.load_linnerud,
    }
    found = {}
    for name, load in loaders.items():
        frame = load(as_frame=True).frame
        found[name] = (
            frame,
            {column: "category" if column == "target" else "measure" for column in frame.columns},
        )
    return found


def _zipf(
    rng: np.random.Generator, values: list[str], rows: int, exponent: float = 1.2
) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    weights = 1 / np.arange(1, len(values) + 1) ** exponent
    return rng.choice(rng.permutation(values), rows, p=weights / weights.sum())


def _made() -> dict[str, tuple[pd.DataFrame, dict[str, str]]]:
    rng = np.random.default_rng(5)
    rows = 3000
    days = pd.date_range("2021-01-01", periods=900)
    season = 100 + 20 * np.sin(np.arange(900) * 2 * np.pi / 365) + 8 * np.isin(days.day_of_week, [5, 6])
    people = pd.DataFrame(
        {
            "customer": [f"C-{i + 1}" for i in range(rows)],
            "first_name": _zipf(rng, FIRST_NAMES, rows),
            "country": _zipf(rng, COUNTRIES, rows, 1.6),
            "phone": [f"+82-10-{a}-{b}" for a, b in rng.integers(1000, 9999, (rows, 2))],
            "email": [f"user{i}@mail{i % 7}.com" for i in range(rows)],
            "joined": pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 3000, rows), "D"),
            "age_band": rng.choice(["0-17", "18-34", "35-64", "65+"], rows, p=[0.2, 0.38, 0.4, 0.02]),
            "children": rng.choice(["0", "1", "2", "3+"], rows, p=[0.55, 0.2, 0.17, 0.08]),
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": [f"ORD-{i + 900}" for i in range(rows)],
            "size": rng.choice(["S", "M", "L", "XL", "10.5W"], rows, p=[0.3, 0.3, 0.3, 0.09, 0.01]),
            "amount": np.round(np.exp(rng.normal(3, 1.4, rows)), 2),
            "discount": rng.choice([0, 5, 10, 50], rows, p=[0.8, 0.1, 0.09, 0.01]),
            "quantity": rng.geometric(0.3, rows),
            "review": [" ".join(rng.choice(WORDS, int(n))) for n in rng.integers(3, 25, rows)],
            "grade": rng.choice(["A", "B", "C", "D", "E"], rows, p=[0.5, 0.3, 0.15, 0.04, 0.01]),
            "page": [
                f"{p}-{p + d}" if d else f"{p}"
                for p, d in zip(rng.integers(1, 400, rows), rng.integers(0, 9, rows), strict=True)
            ],
        }
    )
    readings = pd.DataFrame(
        {
            "stamp": days,
            "visitors": rng.poisson(season),
            "temperature": np.round(
                12 - 11 * np.cos(np.arange(900) * 2 * np.pi / 365) + rng.normal(0, 2.5, 900), 1
            ),
            "load": np.exp(rng.normal(5, 0.4, 900)),
        }
    )
    streets = pd.DataFrame(
        {
            "address": [
                f"{n} {a} St" if k < 0.8 else f"P.O. Box {n}" if k < 0.97 else f"{a} House, Flat {n}B"
                for n, a, k in zip(
                    rng.integers(1, 400, rows), rng.choice(COUNTRIES, rows), rng.random(rows), strict=True
                )
            ],
            "seat": [
                f"{r}{c}"
                for r, c in zip(rng.integers(1, 40, rows), rng.choice(list("ABCDEF"), rows), strict=True)
            ],
            "duration": [
                f"{h}:{m:02d}"
                for h, m in zip(rng.integers(0, 30, rows), rng.integers(0, 60, rows), strict=True)
            ],
            "height": np.round(
                np.where(rng.random(rows) < 0.5, rng.normal(164, 6, rows), rng.normal(177, 7, rows)), 1
            ),
            "income": np.round(rng.pareto(2.5, rows) * 30_000 + 12_000),
        }
    )
    meaning = {
        "customer": "identifier",
        "first_name": "category",
        "country": "geo",
        "phone": "identifier",
        "email": "identifier",
        "joined": "date",
        "age_band": "category",
        "children": "category",
        "order_id": "identifier",
        "size": "category",
        "amount": "measure",
        "discount": "intensive",
        "quantity": "count",
        "review": "text",
        "grade": "category",
        "page": "category",
        "stamp": "date",
        "visitors": "count",
        "temperature": "intensive",
        "load": "measure",
        "address": "text",
        "seat": "category",
        "duration": "category",
        "height": "intensive",
        "income": "measure",
    }
    tables = {"people": people, "orders": orders, "readings": readings, "streets": streets}
    return {name: (frame, {c: meaning[c] for c in frame.columns}) for name, frame in tables.items()}
