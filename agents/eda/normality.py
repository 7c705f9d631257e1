"""Whether values are close enough to a normal distribution for a t interval of their mean."""

from scipy import stats

from mesh.tabular.sheet import Numbers

LARGE_GROUP = 50
SMALL_SHAPIRO_P = 0.05
MAX_SKEW = 2.0
MAX_EXCESS_KURTOSIS = 7.0


def near_normal(sample: Numbers) -> bool:
    """Whether a t interval for the mean can be trusted.

    From `LARGE_GROUP` values on, absolute skew up to 2 and excess kurtosis up to 7 (West, Finch & Curran
    1995); below it, the Shapiro-Wilk test must not reject at 5 %.
    """
    if float(sample.min()) == float(sample.max()):
        return False
    if sample.size >= LARGE_GROUP:
        return bool(abs(stats.skew(sample)) <= MAX_SKEW and stats.kurtosis(sample) <= MAX_EXCESS_KURTOSIS)
    return bool(stats.shapiro(sample).pvalue > SMALL_SHAPIRO_P)
