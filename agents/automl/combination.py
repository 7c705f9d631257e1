"""How much each method counts in the combined forecast."""

from collections.abc import Mapping

COMBINED = "combination"
COMBINED_FROM = 3
NAIVE = ("naive", "seasonal_naive", "seasonal_naive_week", "seasonal_naive_year")
STEADY = ("theta", "ets")
FOLDS_OF_PRIOR = 3.0
FAR_BEHIND = 5.0
_KINDS = {"fourier_regression_log": "fourier_regression", **dict.fromkeys(NAIVE, "naive")}


def combination_weights(errors: Mapping[str, float], naive: str, folds: float) -> dict[str, float]:
    """Weights that sum to 1: what the backtest says of each method, drawn towards equal weights of those that are steady.

    The backtest speaks by the inverse squared errors of the three best methods of different kinds and the naive one; it counts
    as much as `folds` independent folds beside `FOLDS_OF_PRIOR` for `STEADY` methods and the naive one, but for those whose error
    is more than `FAR_BEHIND` times the smallest.
    Source: Bates & Granger (1969), without the covariances of errors, which few folds cannot tell; Diebold & Pauly (1990) for
    the shrinkage; Makridakis, Spiliotis & Assimakopoulos (2020) for what is steady.
    """
    kinds: dict[str, str] = {}
    for name in sorted(errors, key=lambda name: (errors[name], name)):
        kinds.setdefault(_KINDS.get(name, name), name)
    chosen = list(kinds.values())[:COMBINED_FROM]
    if naive not in chosen:
        chosen.append(naive)
    floor = 1e-6 * max(errors[name] for name in chosen) or 1.0
    near = FAR_BEHIND * max(errors[chosen[0]], floor)
    steady = [name for name in (*STEADY, naive) if errors.get(name, near + 1) <= near]
    trust = folds / (folds + FOLDS_OF_PRIOR) if steady else 1.0
    inverse = {name: max(errors[name], floor) ** -2 for name in chosen}
    weights = {name: trust * value / sum(inverse.values()) for name, value in inverse.items()}
    for name in steady:
        weights[name] = weights.get(name, 0.0) + (1 - trust) / len(steady)
    return weights
