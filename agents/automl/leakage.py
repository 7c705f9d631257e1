"""Columns that give the target away: they would not be known when a prediction is needed."""

from collections.abc import Collection
from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mesh.language import Language, say

from .features import Features

SAMPLE = 4000
NEARLY_R2 = 0.995
NEARLY_AUC = 0.995
MAX_PAIRED = 12
_IDENTICAL = 0.99


def leaks(
    features: Features,
    target: pd.Series,
    *,
    classes: bool,
    seed: int,
    language: Language,
    additive: Collection[str] = (),
) -> dict[str, str]:
    """Columns to leave out, each with the reason.

    A column leaks when it alone predicts held-out rows almost perfectly (R² or AUC above 0.995, a small tree in 3 folds). For
    a numeric target, a pair of columns whose product, sum, difference or ratio is the target leaks too: of the two, the one
    that adds up (in `additive`: it is counted when the target is), else the one that correlates more, is left out.
    Args: `target` of the training rows, float, or class codes when `classes`; only these rows of `features` are looked at.
    """
    frame = features.frame.loc[target.index]
    if len(frame) > SAMPLE:
        frame = frame.sample(SAMPLE, random_state=seed).sort_index()
    known = target.loc[frame.index]
    found: dict[str, str] = {}
    for name in frame.columns:
        score = _alone(frame[name], known, classes=classes, seed=seed)
        if score > (NEARLY_AUC if classes else NEARLY_R2):
            found[name] = say(
                language,
                en="gives the target away: it alone predicts it almost perfectly",
                ko="정답 유출: 이 열만으로 대상을 거의 완벽히 맞힐 수 있음",
            )
    if not classes:
        found |= _identities(frame.drop(columns=list(found)), known, language, additive)
    return found


def _alone(values: pd.Series, target: pd.Series, *, classes: bool, seed: int) -> float:
    codes = (
        values if values.dtype == "float64" else pd.Series(pd.factorize(values, sort=True)[0], values.index)
    )
    column = codes.astype("float64").fillna(-1e12).to_numpy().reshape(-1, 1)
    leaf = max(2, len(target) // 200)
    if classes:
        if target.value_counts().min() < 6:
            return 0.0
        tree = DecisionTreeClassifier(min_samples_leaf=leaf, random_state=seed)
        folds = StratifiedKFold(3, shuffle=True, random_state=seed)
        scoring = "roc_auc" if target.nunique() == 2 else "roc_auc_ovr"
    else:
        tree = DecisionTreeRegressor(min_samples_leaf=leaf, random_state=seed)
        folds = KFold(3, shuffle=True, random_state=seed)
        scoring = "r2"
    return float(np.mean(cross_val_score(tree, column, target.to_numpy(), cv=folds, scoring=scoring)))


def _identities(
    frame: pd.DataFrame, target: pd.Series, language: Language, additive: Collection[str]
) -> dict[str, str]:
    numeric = [n for n in frame.columns if frame[n].dtype == "float64"][:MAX_PAIRED]
    for first, second in combinations(numeric, 2):
        a, b = frame[first].to_numpy(), frame[second].to_numpy()
        sign = _identity(a, b, target.to_numpy(dtype=float))
        if sign is not None:
            strength = {n: _strength(pd.Series(frame[n]), target) for n in (first, second)}
            name = max((first, second), key=lambda n: (n in additive, strength[n]))
            return {
                name: say(
                    language,
                    en="gives the target away: the target is {first} {sign} {second}",
                    ko="정답 유출: 대상이 {first} {sign} {second}(으로/로) 정해짐",
                    first=first,
                    sign=sign,
                    second=second,
                )
            }
    return {}


def _strength(values: pd.Series, target: pd.Series) -> float:
    return abs(float(values.corr(target)))


def _identity(a: np.ndarray, b: np.ndarray, target: np.ndarray) -> str | None:
    with np.errstate(all="ignore"):
        made = {"×": a * b, "+": a + b, "-": a - b, "÷": a / b}
    for sign, values in made.items():
        both = np.isfinite(values) & np.isfinite(target)
        if both.sum() < 20:
            continue
        close = np.isclose(values[both], target[both], rtol=1e-3, atol=1e-9)
        if float(np.mean(close)) >= _IDENTICAL:
            return sign
    return None
