"""Sentiment by the other columns of a table: by group, over time, and beside a rating that people gave themselves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mesh.results import Column
from mesh.tabular.focus import choose_focus
from mesh.tabular.lexicon import concepts_of
from mesh.tabular.periods import COARSENESS, PERIOD_CODES, choose_grain, period_label
from mesh.tabular.plain import plain
from mesh.tabular.sheet import Levels, Sheet, read_sheet

from .corpus import Corpus
from .keywords import Counts, distinctive
from .sentiment import NEUTRAL, Scores, shares

MAX_GROUPINGS = 3
MAX_LEVELS = 30
MIN_TEXTS = 10
MIN_RATED = 20
SIGNIFICANT = 0.05
SHOWN_PERIODS = 60
PER_PERIOD = 20
_GROUPS = frozenset({"category", "boolean", "geo"})
_MEASURES = frozenset({"intensive", "measure", "count", "unknown"})


def read_companions(path: Path, columns: Sequence[Column], text_column: str) -> Sheet:
    """The columns beside the text that can be groups, dates or ratings."""
    useful = [
        column
        for column in columns
        if column.name != text_column
        and (column.semantic in _GROUPS or column.semantic == "date" or "rating" in concepts_of(column.name))
    ]
    return read_sheet(path, useful)


def by_group(sheet: Sheet, goal: str, corpus: Corpus, scores: Scores, counts: Counts) -> list[dict[str, Any]]:
    """Sentiment by level of the groupings that the question names, else of those that differ most in meaning; up to three.

    Returns: for each `column` its `groups` (most texts first; those with fewer than `MIN_TEXTS` scored texts are only
    counted in `small`), whether it was `asked` for, and `p_value`, that of a chi-squared test of positive, neutral and
    negative against groups, adjusted for the number of groupings by Holm's method; None where expected counts are below 5.
    """
    focus = choose_focus(sheet, goal)
    usable = [
        name
        for name in [*focus.dimensions, *([focus.target] if focus.target else [])]
        if 2 <= len(sheet.levels[name].names) <= MAX_LEVELS
    ]
    named = [name for name in usable if name in focus.asked]
    places = np.array(corpus.rows) - 1
    found = [
        _grouping(name, sheet.levels[name], places, scores, counts)
        for name in (named or usable)[:MAX_GROUPINGS]
    ]
    found = [item | {"asked": item["column"] in named} for item in found if len(item["groups"]) > 1]
    _adjust(found)
    return found


def _grouping(
    name: str, levels: Levels, places: npt.NDArray[np.int64], scores: Scores, counts: Counts
) -> dict[str, Any]:
    codes = levels.codes[places]
    groups, small = [], 0
    for code, level in enumerate(levels.names):
        part = codes == code
        measured = shares(scores[part])
        if measured["texts"] < MIN_TEXTS:
            small += int(part.any())
            continue
        groups.append({"group": level, **measured, "words": distinctive(counts, part, top=5)})
    groups.sort(key=lambda group: (-group["texts"], group["group"]))
    return {"column": name, "groups": groups, "small": small, "p_value": _association(groups)}


def _association(groups: Sequence[dict[str, Any]]) -> float | None:
    from scipy.stats import chi2_contingency

    table = np.array([[group[kind] for kind in ("positive", "neutral", "negative")] for group in groups])
    if len(groups) < 2:
        return None
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return None
    result = chi2_contingency(table)
    return plain(result.pvalue) if result.expected_freq.min() >= 5 else None


def _adjust(found: list[dict[str, Any]]) -> None:
    """Holm's correction for the number of groupings that were tested."""
    tested = sorted((item for item in found if item["p_value"] is not None), key=lambda item: item["p_value"])
    largest = 0.0
    for rank, item in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * item["p_value"]))
        item["p_value"] = plain(largest)


def over_time(sheet: Sheet, goal: str, corpus: Corpus, scores: Scores) -> dict[str, Any] | None:
    """Sentiment per period, at most the last `SHOWN_PERIODS`, and whether scores move with time.

    Returns: `column`, `grain`, whether time was `asked` for, `periods` (without those that have no scored text), and
    Spearman's `rho` of score and date with its `p_value`; None without a date column, with fewer than `MIN_TEXTS` dated
    and scored texts, or with all in one period.
    """
    from scipy.stats import spearmanr

    focus = choose_focus(sheet, goal)
    if focus.date is None:
        return None
    dates = sheet.dates[focus.date].iloc[np.array(corpus.rows) - 1].reset_index(drop=True)
    use = dates.notna().to_numpy() & np.isfinite(scores)
    if use.sum() < MIN_TEXTS:
        return None
    known, measured = dates[use].reset_index(drop=True), scores[use]
    grain, slots = _slots(known, focus.grain)
    distinct = slots.unique().sort_values()
    if len(distinct) < 2:
        return None
    periods = [
        {"period": period_label(period.start_time, grain), **shares(measured[np.asarray(slots == period)])}
        for period in distinct[-SHOWN_PERIODS:]
    ]
    varied = np.unique(measured).size > 1
    rho, p_value = spearmanr(known.astype("int64"), measured) if varied else (None, None)
    return {
        "column": focus.date,
        "grain": grain,
        "asked": focus.grain is not None or "trend" in focus.topics,
        "periods": periods,
        "rho": plain(rho),
        "p_value": plain(p_value),
    }


def _slots(dates: "pd.Series[pd.Timestamp]", asked: str | None) -> tuple[str, pd.PeriodIndex]:
    """The grain asked for, else the finest up to months with `PER_PERIOD` texts a period on average; and each date's period."""
    grain = choose_grain(dates, asked)
    slots = pd.PeriodIndex(dates, freq=PERIOD_CODES[grain])
    while not asked and grain not in ("MS", "QS", "YS") and len(dates) < PER_PERIOD * slots.nunique():
        grain = COARSENESS[COARSENESS.index(grain) + 1]
        slots = pd.PeriodIndex(dates, freq=PERIOD_CODES[grain])
    return grain, slots


def beside_rating(sheet: Sheet, corpus: Corpus, scores: Scores) -> dict[str, Any] | None:
    """How well the scores agree with the ratings that the same people gave: Spearman's rho and the mean rating by sentiment.

    None without a column whose name says rating, or with fewer than `MIN_RATED` rated and scored texts.
    """
    from scipy.stats import spearmanr

    name = next((name for name in sheet.numeric if "rating" in concepts_of(name)), None)
    if name is None:
        return None
    ratings = sheet.numeric[name][np.array(corpus.rows) - 1]
    use = np.isfinite(ratings) & np.isfinite(scores)
    if use.sum() < MIN_RATED or np.unique(ratings[use]).size < 2 or np.unique(scores[use]).size < 2:
        return None
    rho, p_value = spearmanr(ratings[use], scores[use])
    rated, scored = ratings[use], scores[use]
    parts = {
        "positive": rated[scored >= NEUTRAL],
        "neutral": rated[np.abs(scored) < NEUTRAL],
        "negative": rated[scored <= -NEUTRAL],
    }
    return {
        "column": name,
        "texts": int(use.sum()),
        "rho": plain(rho),
        "p_value": plain(p_value),
        "mean_rating": {
            kind: plain(values.mean()) if values.size else None for kind, values in parts.items()
        },
    }
