"""The numbers that earlier steps reported, in the shape in which the notebook compares them with its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from mesh.results import Column

from .outline import Facts

MAX_BREAKDOWNS = 8
MAX_ROWS = 30
_COMPARED_FREQUENCIES = frozenset({"D", "MS", "QS", "YS"})


def collect_reported(
    columns: Sequence[Column], facts: Facts, upstream: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, Any]:
    """Reported figures by section; a section that nobody reported is missing.

    Args: `upstream` holds the data of `eda_report`, `quality_report`, `forecast`, `model` and `answer`, where given.
    """
    names = {c.name for c in columns}
    additive = [c.name for c in columns if c.semantic in {"measure", "count"}]
    reported: dict[str, Any] = {
        "rows": facts.rows,
        "missing": facts.missing,
        "totals": {n: v for n, v in facts.totals.items() if n in additive},
        "means": facts.means,
    }
    eda, quality = upstream.get("eda_report"), upstream.get("quality_report")
    if eda is not None:
        reported["breakdowns"] = _breakdowns(eda, names)
        reported["series"] = _series(eda, names)
        reported["correlations"] = _correlations(eda, names)
    if quality is not None and isinstance(quality.get("rows"), int):
        reported["quality_rows"] = quality["rows"]
    forecast, answer = upstream.get("forecast"), upstream.get("answer")
    if forecast is not None and forecast.get("date_column") in names and forecast.get("target") in names:
        reported["forecast"] = _forecast(forecast)
    if answer is not None and answer.get("sql"):
        reported["answer"] = {
            "sql": answer["sql"],
            "columns": answer["columns"],
            "rows": answer["rows"][:200],
        }
    return {k: v for k, v in reported.items() if v not in ([], {})}


def _breakdowns(eda: Mapping[str, Any], names: set[str]) -> list[dict[str, Any]]:
    tables = [
        {
            "dimension": t["dimension"],
            "measure": t["measure"],
            "aggregation": t["aggregation"],
            "positive": t.get("positive"),
            "rows": {
                str(r["name"]): r["value"]
                for r in t["rows"][:MAX_ROWS]
                if r.get("value") is not None and not r.get("other")
            },
        }
        for t in eda.get("breakdowns", [])
        if t.get("dimension") in names
        and t.get("measure") in names
        and t.get("aggregation") in {"sum", "mean", "rate"}
    ]
    return tables[:MAX_BREAKDOWNS]


def _series(eda: Mapping[str, Any], names: set[str]) -> list[dict[str, Any]]:
    time = eda.get("time") or {}
    if time.get("date_column") not in names or time.get("frequency") not in _COMPARED_FREQUENCIES:
        return []
    return [
        {
            "date": time["date_column"],
            "frequency": time["frequency"],
            "measure": m["name"],
            "aggregation": m["aggregation"],
            "points": {p["date"]: p["value"] for p in m["series"][-400:] if p.get("value") is not None},
        }
        for m in time.get("measures", [])[:2]
        if m.get("name") in names and m.get("aggregation") in {"sum", "mean"}
    ]


def _correlations(eda: Mapping[str, Any], names: set[str]) -> list[dict[str, Any]]:
    return [
        {"a": c["a"], "b": c["b"], "method": c["method"], "value": c["value"]}
        for c in eda.get("correlations", [])[:10]
        if c.get("a") in names
        and c.get("b") in names
        and c.get("method") in {"pearson", "spearman"}
        and c.get("value") is not None
    ]


def _forecast(forecast: Mapping[str, Any]) -> dict[str, Any]:
    keys = (
        "date_column",
        "target",
        "aggregation",
        "frequency",
        "total",
        "total_lower_95",
        "total_upper_95",
        "model",
    )
    return {
        **{k: forecast.get(k) for k in keys},
        "points": list(forecast.get("points", []))[:400],
        "history": {
            p["date"]: p["value"]
            for p in list(forecast.get("history", []))[-400:]
            if p.get("value") is not None
        },
    }
