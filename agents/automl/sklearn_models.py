"""The families of scikit-learn models that take part, each with its settings to try, and how they take the features."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from .features import MAX_LEVELS
from .problem import Problem

SIMPLE = ("linear", "logistic", "small_tree")
MAX_ONE_HOT = 30
MAX_SUPPORT_ROWS = 4000
MAX_TREE_ROWS = 20_000
MAX_TOPICS = 20
_MIN_CALIBRATED = 15
_TREES = 120

Family = Iterator[Pipeline]


def families(problem: Problem) -> dict[str, Family]:
    """Models by family, the simple ones first; of each the usual settings first, then drawn ones without end.

    Families that could not train in reasonable time on this many rows are left out.
    """
    rows, classes = len(problem.split.train), len(problem.classes)
    made: dict[str, Family] = {
        "small_tree": iter([simplest(problem)]),
        "logistic" if classes else "linear": _linear(problem),
        "gradient_boosting": _boosting(problem),
        "extra_trees": _forest(problem, ExtraTreesClassifier if classes else ExtraTreesRegressor),
        "random_forest": _forest(problem, RandomForestClassifier if classes else RandomForestRegressor),
    }
    rarest = int(np.bincount(problem.train_target.astype(int)).min()) if classes else rows
    if rows <= MAX_SUPPORT_ROWS and rarest >= _MIN_CALIBRATED:
        made["support_vectors"] = _support_vectors(problem)
    return made


def simplest(problem: Problem) -> Pipeline:
    """A tree of depth 3."""
    tree = DecisionTreeClassifier if problem.classes else DecisionTreeRegressor
    model = tree(max_depth=3, min_samples_leaf=_leaf(problem), random_state=problem.seed)
    return _piped(problem, model, _dense)


def _linear(problem: Problem) -> Family:
    strengths = (1.0, 0.1, 0.01, 10.0)
    models = (
        [LogisticRegression(C=c, max_iter=500) for c in strengths]
        if problem.classes
        else [RidgeCV(alphas=np.logspace(-3, 4, 15), gcv_mode="svd")]
    )
    return (_piped(problem, model, _scaled, one_hot=MAX_LEVELS) for model in models)


def _boosting(problem: Problem) -> Family:
    random = np.random.default_rng(problem.seed)
    model = HistGradientBoostingClassifier if problem.classes else HistGradientBoostingRegressor
    usual = {"learning_rate": 0.06, "max_leaf_nodes": 15, "min_samples_leaf": _leaf(problem), "max_iter": 150}
    drawn = (
        {
            "learning_rate": float(10 ** random.uniform(-1.8, -0.8)),
            "max_leaf_nodes": int(random.choice([4, 8, 15, 31])),
            "min_samples_leaf": max(2, int(_leaf(problem) * random.choice([0.5, 1, 2, 4]))),
            "max_iter": int(random.choice([100, 200, 300])),
            "l2_regularization": float(10 ** random.uniform(-3, 1)),
            "max_features": float(random.uniform(0.3, 1)),
        }
        for _ in iter(int, 1)
    )
    few = len(problem.features.categories) - len(_many_levels(problem, MAX_ONE_HOT))
    numbers = (
        len(problem.features.frame.columns) - len(problem.features.categories) - len(problem.features.texts)
    )
    places = list(range(numbers, numbers + few))
    return (
        _piped(problem, model(categorical_features=places, random_state=problem.seed, **chosen), _raw)
        for chosen in chain([usual], drawn)
    )


def _forest(problem: Problem, model: Any) -> Family:
    random = np.random.default_rng(problem.seed)
    usual: dict[str, Any] = {"min_samples_leaf": max(1, _leaf(problem) // 4), "max_features": "sqrt"}
    if not problem.classes:
        usual["max_features"] = 0.5
    drawn = (
        {
            "min_samples_leaf": int(random.choice([1, 2, 4, 8, 16])),
            "max_features": float(random.uniform(0.1, 1)),
        }
        for _ in iter(int, 1)
    )
    rows = len(problem.split.train)
    bound = {"bootstrap": True, "max_samples": MAX_TREE_ROWS / rows} if rows > MAX_TREE_ROWS else {}
    return (
        _piped(problem, model(_TREES, random_state=problem.seed, **bound, **chosen), _dense)
        for chosen in chain([usual], drawn)
    )


def _support_vectors(problem: Problem) -> Family:
    random = np.random.default_rng(problem.seed)
    usual: dict[str, Any] = {"C": 3.0, "gamma": "scale"}
    drawn = (
        {"C": float(10 ** random.uniform(-0.5, 2)), "gamma": float(10 ** random.uniform(-3, -0.5))}
        for _ in iter(int, 1)
    )

    def model(chosen: dict[str, Any]) -> Any:
        if not problem.classes:
            return TransformedTargetRegressor(SVR(**chosen), transformer=StandardScaler())
        method = "sigmoid" if len(problem.classes) == 2 else "temperature"
        return CalibratedClassifierCV(SVC(**chosen), method=method, cv=3, ensemble=False)

    return (_piped(problem, model(chosen), _scaled) for chosen in chain([usual], drawn))


def _leaf(problem: Problem) -> int:
    return max(1, min(20, len(problem.split.train) // 40))


Steps = list[tuple[str, Any, Any]]


def _piped(
    problem: Problem,
    model: Any,
    numbers_and_levels: Callable[[list[str], list[str]], Steps],
    one_hot: int = MAX_ONE_HOT,
) -> Pipeline:
    """Features by name in, the model's answer out. Categories of more than `one_hot` levels become target means, cross-fitted."""
    categories, texts = problem.features.categories, problem.features.texts
    many = _many_levels(problem, one_hot)
    few = [name for name in categories if name not in many]
    numbers = [n for n in problem.features.frame.columns if n not in categories and n not in texts]
    steps = numbers_and_levels(numbers, few)
    if many:
        kind = (
            "continuous" if not problem.classes else "binary" if len(problem.classes) == 2 else "multiclass"
        )
        folds = KFold(5, shuffle=True, random_state=problem.seed)
        steps.append(
            ("many_levels", make_pipeline(TargetEncoder(target_type=kind, cv=folds), StandardScaler()), many)
        )
    steps += [(f"text_{name}", _topics(problem, name), name) for name in texts]
    return make_pipeline(ColumnTransformer(steps, sparse_threshold=0.0), model)


def _dense(numbers: list[str], levels: list[str]) -> Steps:
    """For trees without gaps: medians, one column per level."""
    return [("numbers", _filled(), numbers), ("levels", _one_hot(), levels)]


def _scaled(numbers: list[str], levels: list[str]) -> Steps:
    """For models that compare sizes."""
    return [("numbers", make_pipeline(_filled(), StandardScaler()), numbers), ("levels", _one_hot(), levels)]


def _raw(numbers: list[str], levels: list[str]) -> Steps:
    """For boosting, which takes gaps and levels as they are."""
    coded = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    return [("numbers", "passthrough", numbers), ("levels", coded, levels)]


def _filled() -> SimpleImputer:
    return SimpleImputer(strategy="median", keep_empty_features=True)


def _one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore", sparse_output=False)


def _topics(problem: Problem, name: str) -> Pipeline:
    """Latent semantic analysis: TF-IDF of words, or of parts of words where the script is Korean, to a few numbers."""
    written = problem.train[name]
    korean = bool(written.str.contains("[가-힣]").mean() > 0.5)
    units: dict[str, Any] = (
        {"analyzer": "char_wb", "ngram_range": (2, 3)} if korean else {"ngram_range": (1, 2)}
    )
    vectors = TfidfVectorizer(max_features=3000, sublinear_tf=True, **units)
    return make_pipeline(vectors, TruncatedSVD(MAX_TOPICS, random_state=problem.seed), StandardScaler())


def _many_levels(problem: Problem, most: int) -> list[str]:
    return [f.name for f in problem.features.recipe if f.type == "category" and len(f.levels) > most]
