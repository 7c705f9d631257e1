"""Whether a series rises or falls over its whole length."""

from typing import Any

import numpy as np
import statsmodels.api as sm

from mesh.tabular.plain import plain, ratio
from mesh.tabular.sheet import Numbers

from .least_squares import least_squares

MIN_POINTS = 6
ALPHA = 0.05
CLEAR_ERRORS = 2.6


def fit_trend(values: Numbers, season: int | None) -> dict[str, Any]:
    """Least-squares slope per period with a p-value that allows for serial correlation.

    Where two full seasons of length `season` are there, the slope is net of the season (period dummies). The
    p-value is Newey & West's (1987) with the lag 4 (n / 100)^(2/9), by Student's t. All None below
    `MIN_POINTS` known values.
    """
    known = np.isfinite(values)
    n = int(known.sum())
    empty = {
        "slope_per_period": None,
        "p": None,
        "r_squared": None,
        "residual_std": None,
        "n": n,
        "net_of_season": False,
    }
    if n < MIN_POINTS:
        return empty
    x = np.arange(values.size, dtype=np.float64)
    columns = [np.ones_like(x), x]
    net = season is not None and season > 1 and n >= 2 * season + 2
    if net and season is not None:
        position = np.arange(values.size) % season
        columns += [(position == k).astype(np.float64) for k in range(1, season)]
    design, y = np.column_stack(columns)[known], values[known]
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return empty
    scale = float(np.abs(y).max())
    if float(y.max() - y.min()) <= 1e-12 * max(scale, 1e-300):
        return empty | {"slope_per_period": 0.0, "p": 1.0}
    fit = least_squares(design, y)
    slope = float(fit.coefficients[1])
    if fit.residual_std <= 1e-9 * scale:
        p = 0.0 if abs(slope) > 1e-9 * scale else 1.0
    else:
        lags = int(np.floor(4 * (n / 100) ** (2 / 9)))
        robust = sm.OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags}, use_t=True)
        p = float(robust.pvalues[1])
    return {
        "slope_per_period": plain(slope),
        "p": plain(p),
        "r_squared": plain(fit.r_squared),
        "residual_std": plain(fit.residual_std),
        "n": n,
        "net_of_season": bool(net),
    }


def change(years: list[tuple[int, float]], values: Numbers, labels: list[str]) -> dict[str, Any]:
    """The change from the first to the last full year, or period where there are not two full years.

    `change_ratio` is (last - first) / first, None when the first value is not positive.
    """
    if len(years) >= 2:
        (first_year, first), (last_year, last) = years[0], years[-1]
        return _change(str(first_year), first, str(last_year), last, "year")
    known = [index for index in range(values.size) if np.isfinite(values[index])]
    if len(known) < 2:
        return _change(None, None, None, None, None)
    start, end = known[0], known[-1]
    return _change(labels[start], float(values[start]), labels[end], float(values[end]), "period")


def _change(
    first: str | None,
    first_value: float | None,
    last: str | None,
    last_value: float | None,
    basis: str | None,
) -> dict[str, Any]:
    difference = None if first_value is None or last_value is None else last_value - first_value
    return {
        "change_ratio": ratio(difference, first_value)
        if first_value is not None and first_value > 0
        else None,
        "change_from": first,
        "change_to": last,
        "first_value": plain(first_value),
        "last_value": plain(last_value),
        "change_basis": basis,
    }


def beyond_scatter(trend: dict[str, Any], season: int | None, *, additive: bool) -> bool | None:
    """Whether the change is more than `CLEAR_ERRORS` standard errors of what the scatter about the trend makes by itself.

    A full year is `season` periods: their sum scatters more than one of them, their mean less. Between two single periods
    the trend has to be clear too. None where there is no trend or no change to judge.
    """
    scatter, first, last = trend["residual_std"], trend["first_value"], trend["last_value"]
    if scatter is None or first is None or last is None:
        return None
    if trend["change_basis"] == "period" and trend["p"] is not None and trend["p"] >= ALPHA:
        return False
    periods = (season or 1) if trend["change_basis"] == "year" else 1
    error = scatter * np.sqrt(2 * periods if additive else 2 / periods)
    return bool(abs(last - first) > CLEAR_ERRORS * error)


def year_on_year(years: list[tuple[int, float]]) -> list[dict[str, Any]]:
    """Value and growth against the year before, for each full year."""
    records: list[dict[str, Any]] = []
    previous: tuple[int, float] | None = None
    for year, value in years:
        grown = None
        if previous is not None and previous[0] == year - 1 and previous[1] > 0:
            grown = ratio(value - previous[1], previous[1])
        records.append({"year": year, "value": plain(value), "growth": grown})
        previous = (year, value)
    return records
