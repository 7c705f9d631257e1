"""A cycle of any length that a series goes through again and again, beyond what its memory alone would show."""

from typing import Any

import numpy as np
from scipy.signal import detrend, lfilter

from mesh.tabular.plain import plain
from mesh.tabular.sheet import Numbers

MIN_POINTS = 40
MIN_CYCLES = 4
MIN_PERIOD = 2.5
SIMULATIONS = 399
SEED = 20
MAX_P = 0.01


def find_cycle(values: Numbers) -> dict[str, Any] | None:
    """The strongest period of a gap-free series in its own steps, with its share of the variation and a p; None where there is
    none.

    The largest ratio of the periodogram to the spectrum of a first-order autoregression with the series' own memory is
    compared with that of such series drawn at random (Percival & Walden 1993, chapter 10). At least `MIN_CYCLES` cycles must
    lie in the series. The period is refined by the centre of the three frequencies around the peak.
    """
    if values.size < MIN_POINTS:
        return None
    flat = np.asarray(detrend(values), dtype=np.float64)
    spread = float(flat.std())
    if spread <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return None
    flat /= spread
    ratios, power = _ratios(flat)
    place = int(np.argmax(ratios))
    phi = _memory(flat)
    rng = np.random.default_rng(SEED)
    drawn = (_ratios(_drawn(rng, phi, values.size))[0] for _ in range(SIMULATIONS))
    beaten = sum(float(ratio.max()) >= ratios[place] for ratio in drawn)
    p = (beaten + 1) / (SIMULATIONS + 1)
    if p > MAX_P:
        return None
    around = np.arange(max(0, place - 1), min(power.size, place + 2))
    centre = float((power[around] * (around + MIN_CYCLES)).sum() / power[around].sum())
    share = power[around].sum() / _power(flat).sum()
    return {"period": plain(values.size / centre), "share": plain(share), "p": plain(p)}


def _power(values: Numbers) -> Numbers:
    """The periodogram at the Fourier frequencies above nought."""
    return np.asarray(np.abs(np.fft.rfft(values - values.mean())[1:]) ** 2 / values.size, dtype=np.float64)


def _ratios(values: Numbers) -> tuple[Numbers, Numbers]:
    """Periodogram over the spectrum of an autoregression, and the periodogram, at the frequencies that may be a cycle's."""
    power = _power(values)
    cycles = np.arange(1, power.size + 1)
    used = (cycles >= MIN_CYCLES) & (values.size / cycles >= MIN_PERIOD)
    phi = _memory(values)
    frequency = 2 * np.pi * cycles[used] / values.size
    spectrum = (1 - phi**2) / (1 - 2 * phi * np.cos(frequency) + phi**2)
    return power[used] / spectrum, power[used]


def _memory(values: Numbers) -> float:
    centred = values - values.mean()
    return float(np.clip((centred[1:] * centred[:-1]).sum() / (centred**2).sum(), 0.0, 0.98))


def _drawn(rng: np.random.Generator, phi: float, size: int) -> Numbers:
    """A stretch of a first-order autoregression with deviation 1, past its start, less its straight line."""
    shocks = rng.normal(0, np.sqrt(1 - phi**2), size + 100)
    values = np.asarray(lfilter([1.0], [1.0, -phi], shocks), dtype=np.float64)[100:]
    flat = detrend(values)
    return np.asarray(flat / flat.std(), dtype=np.float64)
