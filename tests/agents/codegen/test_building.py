"""Notebooks are really executed here, in their own kernel."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest

from agents.codegen.building import NOTEBOOK_FILE, SCRIPT_FILE, build_notebook
from agents.codegen.story import notebook_result
from mesh.results import Column, DatasetRef, FileRef

COLUMNS = [
    Column(name="day", type="datetime", semantic="date"),
    Column(name="지역", type="string", semantic="geo"),
    Column(name="price", type="number", semantic="intensive"),
    Column(name="sales", type="number", semantic="measure"),
]
CHURN = [
    Column(name="id", type="string", semantic="identifier"),
    Column(name="plan", type="string", semantic="category"),
    Column(name="tenure", type="integer", semantic="measure"),
    Column(name="churn", type="string", semantic="boolean"),
]


def _sales() -> pd.DataFrame:
    days = pd.date_range("2022-01-01", "2023-12-20")
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"day": days.repeat(2), "지역": ["서울", "부산"] * len(days)})
    frame["price"] = rng.uniform(5, 9, len(frame)).round(2)
    frame["sales"] = (frame["price"] * rng.integers(1, 30, len(frame))).round(2)
    frame.loc[3, "price"] = np.nan
    return frame


def _dataset(path: Path, columns: list[Column], rows: int) -> DatasetRef:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return DatasetRef(
        id="ds-1",
        name="shop",
        uri="mesh://objects/" + digest,
        columns=columns,
        rows=rows,
        bytes=1,
        sha256=digest,
    )


def _reported(frame: pd.DataFrame) -> dict[str, Any]:
    by_region = frame.groupby("지역")["sales"].sum()
    monthly = frame.set_index("day")["sales"].resample("MS").sum()
    return {
        "breakdowns": [
            {
                "dimension": "지역",
                "measure": "sales",
                "aggregation": "sum",
                "rows": [{"name": k, "value": float(v)} for k, v in by_region.items()],
            }
        ],
        "time": {
            "date_column": "day",
            "frequency": "MS",
            "measures": [
                {
                    "name": "sales",
                    "aggregation": "sum",
                    "series": [{"date": f"{d:%Y-%m-%d}", "value": float(v)} for d, v in monthly.items()],
                }
            ],
        },
        "correlations": [
            {
                "a": "price",
                "b": "sales",
                "method": "pearson",
                "value": float(frame["price"].corr(frame["sales"])),
            }
        ],
    }


def _forecast(frame: pd.DataFrame) -> dict[str, Any]:
    monthly = frame.set_index("day")["sales"].resample("MS").sum().iloc[:-1]
    points = [
        {
            "date": f"2023-{m:02d}-01",
            "mean": 100.0,
            "lower_80": 90.0,
            "upper_80": 110.0,
            "lower_95": 80.0,
            "upper_95": 120.0,
        }
        for m in (12,)
    ]
    return {
        "date_column": "day",
        "target": "sales",
        "aggregation": "sum",
        "frequency": "MS",
        "horizon": 1,
        "points": points,
        "total": 100.0,
        "history": [{"date": f"{d:%Y-%m-%d}", "value": float(v)} for d, v in monthly.items()],
        "model": "seasonal naive",
    }


@pytest.fixture
def data_path(tmp_path: Path) -> Path:
    path = tmp_path / "source.parquet"
    _sales().to_parquet(path, index=False)
    return path


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_a_notebook_runs_and_confirms_the_reported_numbers(data_path: Path, workdir: Path) -> None:
    frame = _sales()
    upstream = {"eda_report": _reported(frame), "forecast": _forecast(frame), "answer": _answer(frame)}
    heard: list[float] = []
    built = build_notebook(
        data_path,
        _dataset(data_path, COLUMNS, len(frame)),
        "sales 분석 노트북을 만들어줘",
        "ko",
        upstream,
        workdir,
        progress=lambda fraction, _message: heard.append(fraction),
    )
    assert built["error"] is None
    months, complete_months = 24, 23
    columns, totals, means, regions, correlations, forecast_total, answered = 4, 1, 2, 2, 1, 1, 2
    assert (
        built["checks"]
        == 1
        + columns
        + totals
        + means
        + regions
        + months
        + correlations
        + forecast_total
        + complete_months
        + answered
    )
    assert built["measure"] == "sales"
    assert heard == sorted(heard)
    load: Any = nbformat.read
    notebook = load(workdir / NOTEBOOK_FILE, as_version=4)
    nbformat.validate(notebook)
    images = [o for c in notebook.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
    assert len(images) >= 4
    assert not [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]


def test_a_wrong_reported_number_fails_the_notebook(data_path: Path, workdir: Path) -> None:
    frame = _sales()
    report = _reported(frame)
    report["breakdowns"][0]["rows"][0]["value"] *= 1.01
    built = build_notebook(
        data_path, _dataset(data_path, COLUMNS, len(frame)), "sales", "en", {"eda_report": report}, workdir
    )
    assert not built["executed"]
    assert "AssertionError: 1 of" in built["error"]
    ref = FileRef(name="n", uri="mesh://objects/1")
    result = notebook_result(built, ref, ref, _dataset(data_path, COLUMNS, len(frame)), "en")
    assert result.warnings
    assert "AssertionError" in json.dumps(result.outputs[0].data)


def test_the_script_reruns_clean_on_the_data_beside_it(data_path: Path, workdir: Path) -> None:
    build_notebook(data_path, _dataset(data_path, COLUMNS, len(_sales())), "sales", "en", {}, workdir)
    done = subprocess.run(
        [sys.executable, SCRIPT_FILE],
        cwd=workdir,
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": "",
            "HOME": str(workdir),
            "MPLBACKEND": "agg",
            "MPLCONFIGDIR": str(workdir),
            "IPYTHONDIR": str(workdir),
        },
    )
    assert done.returncode == 0, done.stderr
    assert "numbers are the same." in done.stdout


def test_a_yes_or_no_table_without_dates(tmp_path: Path, workdir: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": list("abcdef"),
            "plan": ["x", "y"] * 3,
            "tenure": [1, 2, 3, 4, 5, 6],
            "churn": ["Yes", "No", "No"] * 2,
        }
    )
    path = tmp_path / "churn.parquet"
    frame.to_parquet(path, index=False)
    report = {
        "breakdowns": [
            {
                "dimension": "plan",
                "measure": "churn",
                "aggregation": "rate",
                "positive": "Yes",
                "rows": [{"name": "x", "value": 1 / 3}],
            }
        ]
    }
    built = build_notebook(
        path, _dataset(path, CHURN, 6), "make a notebook", "en", {"eda_report": report}, workdir
    )
    assert built["error"] is None
    assert (built["measure"], built["aggregation"]) == ("churn", "rate")


def _answer(frame: pd.DataFrame) -> dict[str, Any]:
    rows = [
        [k, float(v)] for k, v in frame.groupby("지역")["sales"].sum().sort_values(ascending=False).items()
    ]
    return {
        "sql": 'SELECT "지역", SUM(sales) AS s FROM data GROUP BY 1 ORDER BY 2 DESC',
        "columns": ["지역", "s"],
        "rows": rows,
    }
