"""Small models of known behaviour, as the AutoML agent describes and seals them."""

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeClassifier

from agents.mlops.serving.versions import DESCRIPTION, FILES, REFERENCE
from mesh.scoring.seal import checksum, seal_of

TOKEN = "the mesh's token"


def over(limit: float, path: Path, token: str = TOKEN) -> dict[str, Any]:
    """A classifier that says "yes" where x is above `limit` (and is right about 95 of 100 validation rows)."""
    x = pd.DataFrame({"x": [0.0, limit - 1e-6, limit + 1e-6, 1.0], "shop": ["A", "B", "A", "B"]})
    model = DecisionTreeClassifier(max_depth=1).fit(x[["x"]], [0, 0, 1, 1])
    return {
        "task": "classification",
        "target": "late",
        "engine": "scikit-learn",
        "metric": "auc",
        "best": {"model": "tree", "auc": 0.9, "accuracy": 0.95},
        "baseline": {"model": "majority_class", "auc": 0.5},
        "beats_baseline": True,
        "classes": ["no", "yes"],
        "threshold": 0.5,
        "rows_test": 400,
        "holdout": {"confusion": {"labels": ["no", "yes"], "matrix": [[190, 10], [10, 190]]}},
        "features": ["x"],
        "inputs": [{"name": "x", "source": "x", "type": "number"}],
        "files": saved(model, path, token),
    }


def line(slope: float, path: Path, token: str = TOKEN) -> dict[str, Any]:
    """A regression y = slope · x whose hold-out errors were 1 everywhere."""
    model = LinearRegression().fit(pd.DataFrame({"x": [0.0, 1.0]}), [0.0, slope])
    return {
        "task": "regression",
        "target": "y",
        "engine": "scikit-learn",
        "metric": "rmse",
        "best": {"model": "linear", "rmse": 1.0, "mae": 1.0},
        "rows_test": 100,
        "holdout": {"actual_vs_predicted": [[slope * i / 100 + 1, slope * i / 100] for i in range(100)]},
        "features": ["x"],
        "inputs": [{"name": "x", "source": "x", "type": "number"}],
        "files": saved(model, path, token),
    }


def saved(model: Any, path: Path, token: str) -> list[dict[str, str]]:
    """The model's file, and what the description says of it."""
    path.write_bytes(pickle.dumps(model))
    sha256 = checksum(path)
    return [{"name": path.name, "sha256": sha256, "seal": seal_of(sha256, token)}]


def put_version(folder: Path, version: int, make: Any, parameter: float, token: str = TOKEN) -> None:
    """A version beside an endpoint, as fetching leaves it, with uniform training data."""
    place = folder / "versions" / str(version)
    (place / FILES).mkdir(parents=True)
    model = make(parameter, place / FILES / "model.pkl", token)
    (place / DESCRIPTION).write_text(json.dumps(model))
    x = np.linspace(0, 1, 1000)
    pd.DataFrame({"x": x}).to_parquet(place / REFERENCE)
