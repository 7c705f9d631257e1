"""The notebook's last cells: earlier steps' results as tables, and assertions that its own numbers equal the reported ones."""

import pprint
from collections.abc import Mapping
from typing import Any

from mesh.language import Language, say

from .cells import Cell, code, markdown

_CHECK = '''
checks = []


def check(name, recomputed, reported, tolerance=1e-6):
    """Notes whether a recomputed number equals the reported one within a relative tolerance."""
    same = bool(np.isclose(float(recomputed), float(reported), rtol=tolerance, atol=1e-9))
    checks.append({"check": name, "recomputed": float(recomputed), "reported": float(reported), "same": same})
'''

_BASIC = """
check("rows", len(data), REPORTED["rows"])
for column, count in REPORTED["missing"].items():
    check(f"missing in {column}", data[column].isna().sum(), count)
for column, total in REPORTED.get("totals", {}).items():
    check(f"sum of {column}", data[column].sum(), total)
for column, mean in REPORTED.get("means", {}).items():
    check(f"mean of {column}", data[column].mean(), mean)
"""

_BREAKDOWNS = """
for item in REPORTED["breakdowns"]:
    table = grouped(data, item["dimension"], item["measure"], item["aggregation"], item["positive"])
    for level, value in item["rows"].items():
        if level in table.index:
            check(f"{item['aggregation']} of {item['measure']}, {item['dimension']} {level}", table[level], value)
"""

_SERIES = """
for item in REPORTED["series"]:
    table = over_time(data, item["date"], item["measure"], item["aggregation"], item["frequency"])
    for day, value in item["points"].items():
        if pd.Timestamp(day) in table.index:
            check(f"{item['measure']} in {day}", table[pd.Timestamp(day)], value)
"""

_CORRELATIONS = """
for item in REPORTED["correlations"]:
    pair = data[[item["a"], item["b"]]].dropna().astype(float)
    value = pair[item["a"]].corr(pair[item["b"]], method=item["method"])
    check(f"{item['method']} {item['a']} / {item['b']}", value, item["value"], tolerance=1e-4)
"""

_QUALITY = """
check("rows seen by the quality check", len(data), REPORTED["quality_rows"])
"""

_FORECAST = """
reported = REPORTED["forecast"]
points = pd.DataFrame(reported["points"])
points["date"] = pd.to_datetime(points["date"])
history = pd.Series(reported["history"], dtype=float)
history.index = pd.to_datetime(history.index)

figure, axes = plt.subplots(figsize=(9, 3.5))
axes.plot(history.tail(6 * len(points)), color="#4c78a8", label=reported["target"])
axes.plot(points["date"], points["mean"], color="#e45756", label=reported["model"])
axes.fill_between(points["date"], points["lower_95"].astype(float), points["upper_95"].astype(float), color="#e45756", alpha=0.2)
axes.legend()
axes.set(title=f"{reported['target']}: {reported['model']}", xlabel="")
plt.show()
if reported["total"] is not None:
    check("total of the forecast", points["mean"].sum(), reported["total"], tolerance=1e-4)
if reported["frequency"] in {"D", "MS", "QS", "YS"} and reported["aggregation"] in {"sum", "mean"}:
    table = over_time(data, reported["date_column"], reported["target"], reported["aggregation"], reported["frequency"])
    for day, value in history.items():
        if day in table.index and pd.notna(table[day]):
            check(f"history of {reported['target']} in {day:%Y-%m-%d}", table[day], value)
points
"""

_MODEL = """
MODEL = {model}
display(pd.DataFrame(MODEL["leaderboard"]))
importance = pd.DataFrame(MODEL["importance"])
if not importance.empty:
    figure, axes = plt.subplots(figsize=(8, 0.4 * min(len(importance), 15) + 1))
    importance.set_index("feature")["importance"].head(15).iloc[::-1].plot.barh(ax=axes, color="#4c78a8")
    axes.set(title=MODEL["best"], xlabel="", ylabel="")
    plt.show()
"""

_ANSWER = """
import duckdb

answer = REPORTED["answer"]
recomputed = duckdb.sql(answer["sql"]).df()
for number, (row, expected) in enumerate(zip(recomputed.itertuples(index=False), answer["rows"], strict=False)):
    for column, value, wanted in zip(answer["columns"], row, expected, strict=True):
        if isinstance(wanted, int | float) and not isinstance(wanted, bool):
            check(f"{column}, row {number + 1}", value, wanted)
recomputed
"""

_FINISH = """
result = pd.DataFrame(checks)
display(result)
different = result[~result["same"]]
assert different.empty, f"{len(different)} of {len(result)} numbers differ:\\n{different.to_string()}"
print(f"{len(result)} of {len(result)} numbers are the same.")
"""


def check_cells(
    reported: Mapping[str, Any], model: Mapping[str, Any] | None, language: Language
) -> list[Cell]:
    """Tables of what was reported, then the comparison, which fails the notebook when a number differs."""
    literal = pprint.pformat(dict(reported), width=110, sort_dicts=False, compact=True)
    cells: list[Cell] = []
    if model is not None and model.get("leaderboard"):
        shown = {
            "leaderboard": model["leaderboard"],
            "importance": list(model.get("importance") or [])[:20],
            "best": str((model.get("best") or {}).get("model", "")),
        }
        cells += [
            markdown(say(language, en="## Models compared", ko="## 모델 비교")),
            code(_MODEL.format(model=pprint.pformat(shown, width=110, sort_dicts=False, compact=True))),
        ]
    cells += [
        markdown(say(language, en="## Reported numbers", ko="## 보고된 수치")),
        code(f"REPORTED = {literal}"),
        code(_CHECK),
        code(_BASIC),
    ]
    parts = {
        "quality_rows": _QUALITY,
        "breakdowns": _BREAKDOWNS,
        "series": _SERIES,
        "correlations": _CORRELATIONS,
        "forecast": _FORECAST,
        "answer": _ANSWER,
    }
    cells += [code(source) for name, source in parts.items() if name in reported]
    return [*cells, markdown(say(language, en="## Comparison", ko="## 수치 비교")), code(_FINISH)]
