"""Everything that explains one change, as plain numbers that add up."""

from typing import Any

import numpy as np
import pandas as pd

from mesh.errors import BadInputError
from mesh.language import Language, say
from mesh.tabular.focus import MAX_LEVELS, Focus
from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Sheet

from .change_question import WHY, Change, direction, read_change
from .contribution import MIN_SHIFT, by_days, by_level, by_mix, by_rows_and_mean
from .price_volume import price_volume_mix, quantity_column

MAX_DIMENSIONS = 6


def explain(sheet: Sheet, focus: Focus, change: Change, language: Language) -> dict[str, Any]:
    """The two values and their difference, split by days, by rows, by price and volume, and by each dimension, the one that
    explains most first."""
    words = (say(language, en="(no value)", ko="(값 없음)"), say(language, en="Other", ko="기타"))
    kept = [change.values[mask & np.isfinite(change.values)] for mask in (change.before, change.after)]
    before, after = (float(k.sum() if change.additive else k.mean()) for k in kept)
    split = by_level if change.additive else by_mix
    dimensions = [
        {"dimension": name} | split(sheet.levels[name], change.values, change.before, change.after, words)
        for name in _dimensions(sheet, focus, change)
    ]
    for record in dimensions:
        if not change.additive:
            record["uneven"] = uneven(record["rows"], after - before)
    ranked = sorted(dimensions, key=lambda d: -_telling(d))
    whole = change.additive and before > 0 and change.days is not None
    return {
        "measure": change.measure,
        "positive": change.positive,
        "aggregation": "sum" if change.additive else "mean",
        "from": change.labels[0],
        "to": change.labels[1],
        "spans": [span.label for span in change.spans] if change.spans else None,
        "between": change.dimension,
        "before": plain(before),
        "after": plain(after),
        "change": plain(after - before),
        "change_ratio": ratio(after - before, before) if before > 0 else None,
        "cut": change.cut,
        "days": by_days(before, after, *change.days) if whole and change.days else None,
        "usual": _usual(sheet, focus, change),
        "rows": by_rows_and_mean(change.values, change.before, change.after) if change.additive else None,
        "price_volume": _price_volume(sheet, change, ranked) if change.additive else None,
        "dimensions": ranked,
        "inside": _inside(sheet, change, ranked, words) if change.additive else None,
    }


def explain_when_asked(sheet: Sheet, focus: Focus, goal: str, language: Language) -> dict[str, Any] | None:
    """The change that a question asks the reason of beside other things; None when it asks for none that can be explained."""
    if not WHY.search(goal) or direction(goal) == 0:
        return None
    try:
        return explain(sheet, focus, read_change(sheet, focus, goal, None, language), language)
    except BadInputError:
        return None


def uneven(rows: list[dict[str, Any]], change: float) -> float:
    """Which share of the change of a mean is in other levels than it would be if every level had changed alike, in [0, ∞)."""
    if change == 0:
        return 0.0
    expected = [(row.get("share_after") or 0.0) * change for row in rows]
    apart = sum(abs((row["change"] or 0.0) - e) for row, e in zip(rows, expected, strict=True))
    return float(round(apart / (2 * abs(change)), 12))


def _dimensions(sheet: Sheet, focus: Focus, change: Change) -> list[str]:
    usable = [n for n in focus.dimensions if len(sheet.levels[n].names) <= MAX_LEVELS]
    return [n for n in usable if n not in (change.dimension, change.measure)][:MAX_DIMENSIONS]


def _telling(record: dict[str, Any]) -> float:
    """How much a dimension explains: what moved between its levels."""
    if "shift" in record:
        return float(record["shift"] or 0.0)
    return float(record["uneven"])


def _price_volume(sheet: Sheet, change: Change, ranked: list[dict[str, Any]]) -> dict[str, Any] | None:
    quantity = quantity_column(sheet, change.measure)
    if quantity is None or not ranked:
        return None
    from mesh.tabular.lexicon import concepts_of

    names = [record["dimension"] for record in ranked]
    goods = next((n for n in names if {"product", "category"} & set(concepts_of(n))), names[0])
    found = price_volume_mix(
        sheet.levels[goods], change.values, sheet.numeric[quantity], change.before, change.after
    )
    return {"quantity": quantity, "by": goods} | found if found else None


def _inside(
    sheet: Sheet, change: Change, ranked: list[dict[str, Any]], words: tuple[str, str]
) -> dict[str, Any] | None:
    """The largest contributor of the first dimension, split by the other one that explains most there."""
    if len(ranked) < 2 or not (ranked[0].get("shift") or 0.0) >= MIN_SHIFT:
        return None
    top, levels = ranked[0]["rows"][0]["name"], sheet.levels[ranked[0]["dimension"]]
    if top not in levels.names:
        return None
    here = levels.codes == levels.names.index(top)
    found = [
        {"dimension": r["dimension"], "within": ranked[0]["dimension"], "level": top}
        | by_level(
            sheet.levels[r["dimension"]], change.values, change.before & here, change.after & here, words
        )
        for r in ranked[1:]
    ]
    best = max(found, key=_telling)
    return best if _telling(best) >= MIN_SHIFT else None


def _usual(sheet: Sheet, focus: Focus, change: Change) -> dict[str, Any] | None:
    """How the same step of the calendar went in earlier years, of a sum between neighbouring months or quarters."""
    if change.spans is None or focus.date is None or change.cut or not change.additive:
        return None
    earlier, later = change.spans
    if later.grain == "YS" or earlier != later.moved(-1):
        return None
    dates = sheet.dates[focus.date]
    first = dates.min().normalize()
    steps = []
    for _ in range(10):
        earlier, later = earlier.year_earlier(), later.year_earlier()
        if earlier.start < first - pd.Timedelta(days=4):
            break
        totals = [
            float(
                np.nansum(
                    change.values[
                        ((dates >= s.start) & (dates < s.end)).fillna(value=False).to_numpy(dtype=np.bool_)
                    ]
                )
            )
            for s in (earlier, later)
        ]
        if totals[0] > 0:
            steps.append((totals[1] - totals[0]) / totals[0])
    return {"years": len(steps), "mean": plain(float(np.mean(steps)))} if steps else None
