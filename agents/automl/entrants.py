"""Who takes part in the contest of forecasts of one series."""

from .autoregression import Autoregression
from .backtest import Candidate
from .baselines import Drift, Mean, Naive, SeasonalNaive
from .boosting import Boosting
from .harmonic import HOURS_OF_WEEK, Harmonic
from .intermittent import Sba, Tsb, demand_pattern
from .sarima import Sarima
from .series import RegularSeries
from .smoothing import Ets
from .theta import Theta


def entrants(
    series: RegularSeries, steps: int, *, seed: int, deadline: float, quick: bool = False
) -> list[Candidate]:
    """Baselines first, then models from cheap to dear: what suits the length, sign, zeros and seasons of the series.

    The dear ones stop at `deadline` (monotonic seconds); `quick` leaves them out.
    """
    values, season, longer = series.values, series.season, series.longer
    found = _baselines(series, steps)
    if demand_pattern(values) in {"intermittent", "lumpy"}:
        found += [Sba(), Tsb()]
    found += [Theta(season, longer), Ets(season, longer, deadline=deadline), Autoregression(season, longer)]
    if season > 1 or longer is not None or len(values) >= 20:
        found.append(Harmonic(season, longer, log=False))
        if bool((values > 0).all()):
            found.append(Harmonic(season, longer, log=True))
    if quick:
        return found
    if len(values) >= 60:
        found.append(Boosting(season, longer, seed=seed, deadline=deadline))
    if len(values) >= 16:
        found.append(Sarima(season, longer, deadline=deadline))
    return found


def _baselines(series: RegularSeries, steps: int) -> list[Candidate]:
    season, longer = series.season, series.longer
    found: list[Candidate] = [Naive(), Mean(), Drift()]
    if season > 1:
        found.append(SeasonalNaive(season))
    if longer == HOURS_OF_WEEK:
        found.append(SeasonalNaive(HOURS_OF_WEEK, "seasonal_naive_week"))
    elif longer is not None and season == 7 and len(series.values) > 364 + steps:
        found.append(SeasonalNaive(364, "seasonal_naive_year"))
    return found
