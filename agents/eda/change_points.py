"""Where the level of a series shifts, and whether chance alone would make such a shift."""

from typing import Any

import numpy as np
from scipy.signal import lfilter

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

MIN_POINTS = 16
MIN_SIZE = 4
MAX_POINTS = 1500
RESAMPLES = 399
MAX_P = 0.005
MIN_SHIFT = 0.5
MAX_MEMORY = 0.99
BURN_IN = 100
SEED = 20_240_101


def find_shifts(values: Numbers) -> list[dict[str, Any]]:
    """The shifts of level in a gap-free series without season, in order of time.

    Binary segmentation: in each stretch, the step that improves a straight line most is a shift when the same step in
    data without one, the shuffled innovations of a first-order autoregression of the residuals, is as good in at most
    `MAX_P` of `RESAMPLES` draws, and when it is at least `MIN_SHIFT` residual standard deviations high. The line keeps
    a trend from being taken for steps, the autoregression a wandering series. At least `MIN_SIZE` points lie on
    either side, a twentieth of the series when that is more.

    Returns: records with `index` (the first point of the new level), `before` and `after` (means of the stretches next
    to it), `shift` (the step net of the line), `size` in residual standard deviations, and `p`; empty outside
    `MIN_POINTS` to `MAX_POINTS` points. Sources: Scott & Knott (1974) for the segmentation; Bühlmann (1997) for the draws;
    Kendall (1954) for the bias of the autocorrelation.
    """
    if not MIN_POINTS <= values.size <= MAX_POINTS or not np.isfinite(values).all() or np.ptp(values) == 0:
        return []
    margin = max(MIN_SIZE, values.size // 20)
    found: list[dict[str, Any]] = []
    _split(values, 0, values.size, margin, np.random.default_rng(SEED), found)
    found.sort(key=lambda record: record["index"])
    edges = [0, *(record["index"] for record in found), values.size]
    for position, record in enumerate(found):
        record["before"] = plain(values[edges[position] : edges[position + 1]].mean())
        record["after"] = plain(values[edges[position + 1] : edges[position + 2]].mean())
    return found


def _split(
    values: Numbers, start: int, end: int, margin: int, rng: np.random.Generator, found: list[dict[str, Any]]
) -> None:
    part = values[start:end]
    n = part.size
    if n < max(MIN_POINTS, 2 * margin) or float(np.ptp(part)) <= 1e-9 * float(np.abs(part).max()):
        return
    steps, norms = _steps(n, margin)
    line = np.column_stack([np.ones(n), np.linspace(-1, 1, n)])
    base, *_ = np.linalg.lstsq(line, part, rcond=None)
    residual = part - line @ base
    gains = (steps @ residual) ** 2 / norms
    best = int(np.argmax(gains))
    shift = float(steps[best] @ residual / norms[best])
    left = residual - shift * steps[best]
    spread = float(left.std())
    if spread <= 1e-12 * float(np.abs(part).max()):
        p, size = 0.0, np.inf
    else:
        draws = _redraw(left, rng)
        draws = draws - line @ np.linalg.lstsq(line, draws, rcond=None)[0]
        highest = ((steps @ draws) ** 2 / norms[:, None]).max(axis=0)
        p = float((1 + (highest >= gains[best]).sum()) / (1 + RESAMPLES))
        size = abs(shift) / spread
    if p > MAX_P or size < MIN_SHIFT:
        return
    middle = start + margin + best
    found.append({"index": middle, "shift": plain(shift), "size": plain(size), "p": plain(p)})
    _split(values, start, middle, margin, rng, found)
    _split(values, middle, end, margin, rng, found)


def _steps(n: int, margin: int) -> tuple[Numbers, Numbers]:
    """Every step from `margin` to `n - margin`, net of a straight line, and their squared lengths."""
    places = np.arange(margin, n - margin + 1)
    steps = (np.arange(n)[None, :] >= places[:, None]).astype(np.float64)
    line = np.column_stack([np.ones(n), np.linspace(-1, 1, n)])
    line /= np.sqrt((line**2).sum(axis=0))
    steps -= (steps @ line) @ line.T
    return steps, (steps**2).sum(axis=1)


def _redraw(residual: Numbers, rng: np.random.Generator) -> Numbers:
    """`RESAMPLES` series, one per column, with the memory of `residual` and its innovations in random order."""
    n = residual.size
    centred = residual - residual.mean()
    lag = float(centred[1:] @ centred[:-1] / (centred @ centred))
    memory = float(np.clip(lag + (1 + 3 * lag) / n, 0.0, MAX_MEMORY))
    innovations = centred[1:] - memory * centred[:-1]
    drawn = rng.choice(innovations - innovations.mean(), size=(n + BURN_IN, RESAMPLES))
    return np.asarray(lfilter([1.0], [1.0, -memory], drawn, axis=0)[BURN_IN:])
