"""Columns that give the target away: they would not be known when a prediction is needed."""

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

SAMPLE = 4000
NEARLY = 0.995
NEARLY_EQUAL = 0.9995
MAX_PAIRED = 12
MIN_FILLED = 15
MIN_PAIRED = 20
FILLED_SHARE = 0.15
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
) -> list[dict[str, Any]]:
    """Columns to leave out: `feature`, `why` in words, and as `leak` the score that says so.

    A column leaks when it alone predicts held-out rows almost perfectly (R² or AUC above `NEARLY`, a small tree in 3 folds), or
    is the target on another scale (rank correlation above `NEARLY_EQUAL`). So does one that is filled in for some rows of one of
    two classes and for none of the other: it is known afterwards only. For a numeric target, a pair of columns whose product,
    sum, difference or ratio is the target leaks too: of the two, the one that adds up (in `additive`: it is counted when the
    target is), else the one that correlates more, is left out.
    Args: `target` of the training rows, float, or class codes when `classes`; only these rows of `features` are looked at.
    """
    frame = features.frame.loc[target.index].drop(columns=features.texts)
    if len(frame) > SAMPLE:
        frame = frame.sample(SAMPLE, random_state=seed).sort_index()
    known = target.loc[frame.index]
    found = [_leak(str(name), frame[name], known, classes, seed, language) for name in frame.columns]
    rows = [row for row in found if row is not None]
    if not classes:
        left = frame.drop(columns=[row["feature"] for row in rows])
        rows += _identities(left, known, language, additive)
    return rows


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
    """R² or AUC of a small tree on held-out rows; on the rows it has seen where even that is too low to leak."""
    codes = (
        values if values.dtype == "float64" else pd.Series(pd.factorize(values, sort=True)[0], values.index)
    )
    column = codes.astype("float64").fillna(-1e12).to_numpy().reshape(-1, 1)
    leaf = max(2, len(target) // 200)
    known = target.to_numpy()
    if classes and target.value_counts().min() < _LEAST_CLASS:
        return 0.0
    tree: Any = DecisionTreeClassifier if classes else DecisionTreeRegressor
    model = tree(min_samples_leaf=leaf, random_state=seed).fit(column, known)
    scoring = "r2" if not classes else "roc_auc" if target.nunique() == 2 else "roc_auc_ovr"
    seen = float(get_scorer(scoring)(model, column, known))
    if seen <= NEARLY:
        return seen
    folds = (StratifiedKFold if classes else KFold)(3, shuffle=True, random_state=seed)
    return float(np.mean(cross_val_score(model, column, known, cv=folds, scoring=scoring)))


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
    """The share of one of two classes that has a value, when the other has none at all."""
    filled = values.notna() & (values != MISSING)
    by_class = filled.groupby(target).agg(["mean", "sum"])
    if len(by_class) != 2 or by_class["sum"].min() > 0:
        return None
    share, count = float(by_class["mean"].max()), int(by_class["sum"].max())
    return share if count >= MIN_FILLED and share >= FILLED_SHARE else None


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
