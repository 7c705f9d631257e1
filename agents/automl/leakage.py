"""Columns that give the target away: they would not be known when a prediction is needed."""

import math
import time
from collections.abc import Collection
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mesh.language import Language, say
from mesh.scoring.feature import MISSING

from .features import Features

SAMPLE, SAMPLE_CELLS, GLANCE_ROWS = 4000, 400_000, 800
NEARLY, GLANCED = 0.995, 0.9
NEARLY_EQUAL = 0.9995
MAX_PAIRED = 12
MIN_FILLED = 15
MIN_PAIRED = 20
FILLED_SHARE, NOT_ZERO_SHARE = 0.15, 0.9
COMPANION = 0.9
_IDENTICAL = 0.99
_LEAST_CLASS = 6


def leaks(
    features: Features,
    target: pd.Series,
    *,
    classes: bool,
    seed: int,
    language: Language,
    additive: Collection[str] = (),
    stop: float = math.inf,
) -> list[dict[str, Any]]:
    """Columns to leave out: `feature`, `why` in words, and as `leak` the score that says so.

    A column leaks when it alone predicts held-out rows almost perfectly (R² or AUC above `NEARLY`, a small tree in 3 folds), or
    is the target on another scale (rank correlation above `NEARLY_EQUAL`). So does one that is filled in for some rows of one of
    two classes and for none of the other: it is known afterwards only, and so is what goes with it. For a numeric target, a pair
    of columns whose product, sum, difference or ratio is the target leaks too: of the two, the one that adds up (in `additive`:
    it is counted when the target is), else the one that correlates more, is left out.
    Args: `target` of the training rows, float, or class codes when `classes`; only these rows of `features` are looked at. At
    `stop` (monotonic s) no more columns are: those that go with the target least come last.
    """
    frame = features.frame.loc[target.index].drop(columns=features.texts)
    most = min(SAMPLE, max(GLANCE_ROWS, SAMPLE_CELLS // max(1, len(frame.columns))))
    if len(frame) > most:
        frame = frame.sample(most, random_state=seed).sort_index()
    known = target.loc[frame.index]
    rows = []
    for name in _likeliest(frame, known):
        if time.monotonic() > stop:
            break
        row = _leak(name, frame[name], known, classes, seed, language)
        rows += [row] if row is not None else []
    if classes:
        rows += _companions(frame, known, [row["feature"] for row in rows], language)
    else:
        left = frame.drop(columns=[row["feature"] for row in rows])
        rows += _identities(left, known, language, additive)
    return rows


def _likeliest(frame: pd.DataFrame, target: pd.Series) -> list[str]:
    """The columns, those of levels first, then numbers by how much they go with the target."""
    numbers = frame.select_dtypes("float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        strength = numbers.corrwith(target).abs().fillna(0)
    order = strength.sort_values(ascending=False, kind="stable").index
    return [str(name) for name in [*(n for n in frame.columns if n not in numbers), *order]]


def _leak(
    name: str, values: pd.Series, target: pd.Series, classes: bool, seed: int, language: Language
) -> dict[str, Any] | None:
    score = _alone(values, target, classes=classes, seed=seed)
    if score > NEARLY:
        why = say(
            language,
            en="gives the target away: alone it predicts rows it has not seen with {metric} {score:.3f}",
            ko="정답 유출: 이 열만으로 처음 보는 행을 {metric} {score:.3f}(으로/로) 맞힘",
            metric="AUC" if classes else "R²",
            score=score,
        )
        return {"feature": name, "why": why, "leak": score}
    if not classes and (equal := _equal(values, target)) > NEARLY_EQUAL:
        why = say(
            language,
            en="gives the target away: it is the target on another scale, rank correlation {score:.4f}",
            ko="정답 유출: 대상과 척도만 다른 같은 값(순위 상관 {score:.4f})",
            score=equal,
        )
        return {"feature": name, "why": why, "leak": equal}
    if classes and (share := _filled_on_one_side(values, target)) is not None:
        why = say(
            language,
            en="gives the target away: filled in for {share:.1%} of one class and never for the other, so known only afterwards",
            ko="정답 유출: 한 클래스에서만 {share:.1%} 채워져 있고 다른 클래스는 모두 비어 있는, 결과가 나온 뒤의 값",
            share=share,
        )
        return {"feature": name, "why": why, "leak": share}
    return None


def _alone(values: pd.Series, target: pd.Series, *, classes: bool, seed: int) -> float:
    """R² or AUC of a small tree on held-out rows; less where even that of the rows it has seen is too low to leak.

    A glance at few rows comes first, because nearly all columns are let go by it.
    """
    codes = (
        values if values.dtype == "float64" else pd.Series(pd.factorize(values, sort=True)[0], values.index)
    )
    column = codes.astype("float64").fillna(-1e12).to_numpy().reshape(-1, 1)
    known = target.to_numpy()
    few = slice(None, None, max(1, len(known) // GLANCE_ROWS))
    if _seen(column[few], known[few], classes=classes, seed=seed) <= GLANCED:
        return 0.0
    score = _seen(column, known, classes=classes, seed=seed)
    if score <= NEARLY:
        return score
    folds = (StratifiedKFold if classes else KFold)(3, shuffle=True, random_state=seed)
    tree, scoring = _small_tree(known, classes=classes, seed=seed)
    return float(np.mean(cross_val_score(tree, column, known, cv=folds, scoring=scoring)))


def _seen(column: np.ndarray, known: np.ndarray, *, classes: bool, seed: int) -> float:
    """R² or AUC of a small tree on the rows that it has learned from; 0 with too few rows of a class."""
    if classes and np.bincount(known.astype(int)).min() < _LEAST_CLASS:
        return 0.0
    tree, scoring = _small_tree(known, classes=classes, seed=seed)
    return float(get_scorer(scoring)(tree.fit(column, known), column, known))


def _small_tree(known: np.ndarray, *, classes: bool, seed: int) -> tuple[Any, str]:
    """The tree, and how it is scored."""
    tree: Any = DecisionTreeClassifier if classes else DecisionTreeRegressor
    scoring = "r2" if not classes else "roc_auc" if known.max() == 1 else "roc_auc_ovr"
    return tree(min_samples_leaf=max(2, len(known) // 200), random_state=seed), scoring


def _equal(values: pd.Series, target: pd.Series) -> float:
    """How near the column is to the target in rank; 0 for levels and for few different values."""
    if (
        values.dtype != "float64"
        or values.nunique() < 0.5 * target.nunique()
        or values.notna().sum() < MIN_FILLED
    ):
        return 0.0
    return _strength(values.rank(), target.where(values.notna()).rank())


def _filled_on_one_side(values: pd.Series, target: pd.Series) -> float | None:
    """The share of one of two classes that has a value, when the other has none at all; or nearly all other than 0, when it
    has nothing but 0.
    """
    filled = values.notna() & (values != MISSING)
    for there, least in ((filled, FILLED_SHARE), (filled & (values != 0), NOT_ZERO_SHARE)):
        by_class = there.groupby(target).agg(["mean", "sum"])
        share, count = float(by_class["mean"].max()), int(by_class["sum"].max())
        if len(by_class) == 2 and by_class["sum"].min() == 0 and count >= MIN_FILLED and share >= least:
            return share
    return None


def _companions(
    frame: pd.DataFrame, target: pd.Series, leaking: list[str], language: Language
) -> list[dict[str, Any]]:
    """Numbers that go up and down with one that is known only afterwards: made of it, such as its share of something."""
    numbers = frame.select_dtypes("float64")
    sources = [n for n in leaking if n in numbers and _filled_on_one_side(numbers[n], target) is not None]
    found = []
    for name in numbers.columns.difference(leaking):
        for source in sources:
            strength = _strength(numbers[name].rank(), numbers[source].rank())
            if strength > COMPANION:
                why = say(
                    language,
                    en="goes with '{source}', which gives the target away (rank correlation {strength:.3f})",
                    ko="정답을 유출하는 '{source}'(과/와) 함께 움직임(순위 상관 {strength:.3f})",
                    source=source,
                    strength=strength,
                )
                found.append({"feature": str(name), "why": why, "leak": strength})
                break
    return found


def _identities(
    frame: pd.DataFrame, target: pd.Series, language: Language, additive: Collection[str]
) -> list[dict[str, Any]]:
    numeric = [n for n in frame.columns if frame[n].dtype == "float64"][:MAX_PAIRED]
    for first, second in combinations(numeric, 2):
        pair = [(str(name), frame[name].to_numpy()) for name in (first, second)]
        found = _identity(pair[0], pair[1], target.to_numpy(dtype=float))
        if found is not None:
            formula, share = found
            strength = {n: _strength(pd.Series(frame[n]), target) for n in (first, second)}
            name = max((first, second), key=lambda n: (n in additive, strength[n]))
            why = say(
                language,
                en="gives the target away: in {share:.1%} of the rows the target is {formula}",
                ko="정답 유출: 행의 {share:.1%}에서 대상이 {formula}(으로/로) 정해짐",
                formula=formula,
                share=share,
            )
            return [{"feature": name, "why": why, "leak": share}]
    return []


def _strength(values: pd.Series, target: pd.Series) -> float:
    return abs(float(values.corr(target)))


def _identity(
    first: tuple[str, np.ndarray], second: tuple[str, np.ndarray], target: np.ndarray
) -> tuple[str, float] | None:
    """The formula of two named columns that gives the target in nearly every row, and the share of rows that it holds in."""
    (one, a), (other, b) = first, second
    with np.errstate(all="ignore"):
        made = {
            f"{one} × {other}": a * b,
            f"{one} + {other}": a + b,
            f"{one} - {other}": a - b,
            f"{other} - {one}": b - a,
            f"{one} ÷ {other}": a / b,
            f"{other} ÷ {one}": b / a,
        }
    for formula, values in made.items():
        both = np.isfinite(values) & np.isfinite(target)
        if both.sum() < MIN_PAIRED:
            continue
        share = float(np.mean(np.isclose(values[both], target[both], rtol=1e-3, atol=1e-9)))
        if share >= _IDENTICAL:
            return formula, share
    return None
