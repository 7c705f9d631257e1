"""Whether a series keeps its level, and how much each value depends on those before."""

import warnings
from typing import Any

import numpy as np
from scipy import stats
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tools.sm_exceptions import InterpolationWarning
from statsmodels.tsa.stattools import acf, adfuller, kpss, pacf

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

ALPHA = 0.05
MIN_POINTS = 20
MAX_LAGS = 40


def judge_stationarity(values: Numbers) -> dict[str, Any] | None:
    """The joint reading of two tests with opposite null hypotheses, both around a straight line.

    `verdict`: `stationary` (a unit root is rejected, KPSS is content), `unit_root` (the other way round), `mixed` (both
    reject: there is more than a line, such as a shift), `open` (neither rejects: too short to say). None below `MIN_POINTS`.
    Sources: Said & Dickey (1984); Kwiatkowski, Phillips, Schmidt & Shin (1992). KPSS p-values are tabled from 0.01 to 0.1.
    """
    if values.size < MIN_POINTS or float(np.ptp(values)) == 0:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterpolationWarning)
        adf_p = float(adfuller(values, regression="ct", autolag="AIC", result_object=True).pvalue)
        kpss_p = float(kpss(values, regression="ct", nlags="auto", result_object=True).pvalue)
    rooted, drifting = adf_p >= ALPHA, kpss_p < ALPHA
    verdict = {
        (False, False): "stationary",
        (True, True): "unit_root",
        (False, True): "mixed",
        (True, False): "open",
    }
    return {"adf_p": plain(adf_p), "kpss_p": plain(kpss_p), "verdict": verdict[rooted, drifting]}


def describe_memory(values: Numbers) -> dict[str, Any] | None:
    """Autocorrelation and partial autocorrelation up to a quarter of the series, at most `MAX_LAGS` lags.

    `limit` is the 95 % band of white noise, `significant` the lags outside it, `p` Ljung & Box's (1978) over the first
    ten lags. None below `MIN_POINTS`.
    """
    if values.size < MIN_POINTS or float(np.ptp(values)) == 0:
        return None
    lags = min(MAX_LAGS, values.size // 4)
    whole = acf(values, nlags=lags, fft=False)
    partial = pacf(values, nlags=lags, method="ywm")
    limit = float(stats.norm.ppf(0.975) / np.sqrt(values.size))
    first = min(10, lags)
    return {
        "acf": [plain(value) for value in whole[1:]],
        "pacf": [plain(value) for value in partial[1:]],
        "lag_1": plain(whole[1]),
        "limit": plain(limit),
        "significant": [lag for lag in range(1, lags + 1) if abs(whole[lag]) > limit],
        "lags": first,
        "p": plain(acorr_ljungbox(values, lags=[first])["lb_pvalue"].iloc[0]),
    }
