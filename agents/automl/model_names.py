"""Models and naive baselines of a regression or classification, by the names that people read."""

from mesh.language import Language

_NAMES = {
    "linear": ("the linear model", "선형 모델"),
    "logistic": ("logistic regression", "로지스틱 회귀"),
    "small_tree": ("a small decision tree", "작은 의사결정나무"),
    "gradient_boosting": ("gradient boosting", "그래디언트 부스팅"),
    "random_forest": ("the random forest", "랜덤 포레스트"),
    "extra_trees": ("extremely randomised trees", "극단적 무작위 트리"),
    "support_vectors": ("the support vector machine", "서포트 벡터 머신"),
    "blend": ("a blend of the best models", "상위 모델의 혼합"),
    "GBM": ("gradient boosting (H2O)", "그래디언트 부스팅(H2O)"),
    "GLM": ("the linear model (H2O)", "선형 모델(H2O)"),
    "DRF": ("the random forest (H2O)", "랜덤 포레스트(H2O)"),
    "XRT": ("extremely randomised trees (H2O)", "극단적 무작위 트리(H2O)"),
    "StackedEnsemble": ("the stacked ensemble (H2O)", "스태킹 앙상블(H2O)"),
    "mean": ("always guessing the mean", "항상 평균"),
    "median": ("always guessing the median", "항상 중앙값"),
    "majority_class": ("always guessing the most frequent class", "항상 최다 클래스"),
    "always_positive": ("always guessing the positive class", "항상 양성 클래스"),
}


def display_name(name: str, language: Language) -> str:
    """A model's name as it stands within a sentence, without the number that tells it from others of its kind."""
    english, korean = _NAMES.get(name) or _NAMES.get(name.split("_", 1)[0]) or (name, name)
    return korean if language == "ko" else english


def board_labels(names: list[str], language: Language) -> list[str]:
    """The names as they stand on a leaderboard, each once: several of one kind are numbered in the order given."""
    plain = [display_name(name, language) for name in names]
    seen: dict[str, int] = {}
    labels = []
    for text in plain:
        seen[text] = seen.get(text, 0) + 1
        number = f" {seen[text]}" if plain.count(text) > 1 else ""
        labels.append(f"{_alone(text)}{number}")
    return labels


def _alone(text: str) -> str:
    bare = text.removeprefix("the ").removeprefix("a ")
    return bare[0].upper() + bare[1:]
