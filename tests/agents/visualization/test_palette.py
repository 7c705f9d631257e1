"""Colours stay apart for people who see no red or no green, and marks and texts stand out from the page."""

from itertools import combinations

import numpy as np
import pytest

from agents.visualization.palette import BLUE, GREEN, INK, ORANGE, QUIET, REST, SERIES, VERMILION, lighter

# Viénot, Brettel & Mollon (1999): linear RGB of dichromats.
PROTANOPIA = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
DEUTERANOPIA = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def _linear(color: str) -> np.ndarray:
    parts = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    ratio = TO_XYZ @ linear.clip(0, 1) / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _distance(a: str, b: str, vision: np.ndarray) -> float:
    """CIE 1976 colour difference as seen with `vision`; 2.3 can just be noticed."""
    return float(np.linalg.norm(_lab(vision @ _linear(a)) - _lab(vision @ _linear(b))))


@pytest.mark.parametrize("vision", [np.eye(3), PROTANOPIA, DEUTERANOPIA], ids=["all", "no red", "no green"])
def test_series_can_be_told_apart(vision: np.ndarray) -> None:
    for a, b in combinations((*SERIES, REST), 2):
        assert _distance(a, b, vision) > 9, (a, b)
    for a, b in ((BLUE, ORANGE), (GREEN, VERMILION), (BLUE, VERMILION)):
        assert _distance(a, b, vision) > 20, (a, b)


def test_texts_have_the_contrast_that_small_text_needs() -> None:
    for color in (INK, QUIET):
        light = float(np.array([0.2126, 0.7152, 0.0722]) @ _linear(color))
        assert 1.05 / (light + 0.05) >= 4.5


def test_lighter_goes_from_the_colour_to_white() -> None:
    assert (lighter(BLUE, 0), lighter(BLUE, 1)) == (BLUE, "#FFFFFF")
