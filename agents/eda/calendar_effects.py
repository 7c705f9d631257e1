"""Whether days at the ends of months and public holidays differ from other days."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from mesh.language import Language
from mesh.tabular.plain import plain

from .decomposition import Parts
from .holidays import korean_holidays
from .multiplicity import holm

MIN_DAYS = 6


def calendar_effects(parts: Parts, days: pd.DatetimeIndex, language: Language) -> list[dict[str, Any]]:
    """The remainder of a daily series on special days against all other days: Mann-Whitney, corrected by Holm.

    The last and the first three days of the month, and Korean public holidays for a question in Korean. `effect` is the
    median difference from the other days relative to the median value, None where that is not positive. Days of which there are
    fewer than `MIN_DAYS` are left out.
    """
    kinds: dict[str, npt.NDArray[np.bool_]] = {
        "month_end": np.asarray(days.day > days.days_in_month - 3),
        "month_start": np.asarray(days.day <= 3),
    }
    if language == "ko":
        kinds["holiday"] = np.asarray(days.isin(korean_holidays(days[0], days[-1])))
    typical = float(np.median(parts.values))
    found: list[dict[str, Any]] = []
    for kind, special in kinds.items():
        if special.sum() < MIN_DAYS or (~special).sum() < MIN_DAYS:
            continue
        here, there = parts.remainder[special], parts.remainder[~special]
        difference = float(np.median(here) - np.median(there))
        found.append(
            {
                "kind": kind,
                "days": int(special.sum()),
                "difference": plain(difference),
                "effect": plain(difference / typical) if typical > 0 else None,
                "p": plain(stats.mannwhitneyu(here, there).pvalue),
            }
        )
    for record, adjusted in zip(found, holm([record["p"] for record in found]), strict=True):
        record["p_adjusted"] = plain(adjusted)
    return found
