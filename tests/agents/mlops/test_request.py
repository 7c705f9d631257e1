import pytest

from agents.mlops.request import Wish, choose_name, understand
from mesh.errors import BadInputError, NeedsInputError, NotFoundError

NAMES = ["churn-classification", "매출-forecast", "price-2024-regression"]


@pytest.mark.parametrize(
    ("sentence", "name", "versions"),
    [
        ("Compare version 1 and version 2 of churn-classification", "churn-classification", ("1", "2")),
        ("compare versions 3, 1 and 7", None, ("3", "1", "7")),
        ("v2 vs v10", None, ("2", "10")),
        ("Roll back churn to version 4 because 3 customers complained", "churn-classification", ("4",)),
        ("Promote price-2024-regression", "price-2024-regression", ()),
        ("버전 3을 챔피언으로 승격해줘", None, ("3",)),
        ("매출 모델의 버전 1과 2를 비교해줘", "매출-forecast", ("1", "2")),
        ("2번 버전으로 되돌려줘", None, ("2",)),
        ("Compare the champion with version 5", None, ("5",)),
        ("Which model is better?", None, ()),
        ("MLflow 3.17 is what we use", None, ()),
        ("the churned customers of 2024", None, ()),
    ],
)
def test_models_and_versions_are_read_from_the_sentence(
    sentence: str, name: str | None, versions: tuple[str, ...]
) -> None:
    asked = understand(Wish(sentence), NAMES)
    assert (asked.name, asked.versions) == (name, versions)


@pytest.mark.parametrize(
    "sentence",
    [
        "Promote it anyway",
        "Force the promotion of version 2",
        "promote it even if it is worse",
        "버전 2를 강제로 승격해줘",
        "무조건 챔피언으로 바꿔줘",
    ],
)
def test_insisting_is_understood(sentence: str) -> None:
    assert understand(Wish(sentence), NAMES).force


@pytest.mark.parametrize(
    "sentence",
    [
        "Promote it if it is better",
        "Promote version 2, but do not force it",
        "don't force anything",
        "버전 2를 승격하되 강제로 하지 마",
        "the workforce model should be promoted",
    ],
)
def test_nobody_is_taken_to_insist_who_does_not(sentence: str) -> None:
    assert not understand(Wish(sentence), NAMES).force


@pytest.mark.parametrize(
    ("sentence", "margin"),
    [
        ("Promote it if better by at least 0.01", 0.01),
        ("promote with a margin of .5", 0.5),
        ("AUC가 0.02 이상 좋아지면 승격해줘", 0.02),
        ("Promote it if better by at least 5 %", None),
        ("Promote version 2", None),
    ],
)
def test_the_margin_is_read_in_units_of_the_metric(sentence: str, margin: float | None) -> None:
    assert understand(Wish(sentence), NAMES).margin == margin


def test_what_is_given_counts_for_more_than_the_sentence() -> None:
    asked = understand(Wish("version 1 of churn", "매출-forecast", ("9",), margin=0.0), NAMES)
    assert (asked.name, asked.versions, asked.margin) == ("매출-forecast", ("9",), 0.0)


def test_the_only_model_needs_no_name_and_several_are_asked_about() -> None:
    assert choose_name(Wish("promote it"), NAMES[:1], "en") == NAMES[0]
    with pytest.raises(NeedsInputError, match=r"어느 모델.*매출-forecast"):
        choose_name(Wish("승격해줘"), NAMES, "ko")
    with pytest.raises(NotFoundError, match=r"'sales'.*churn-classification"):
        choose_name(Wish("", "sales"), NAMES, "en")
    with pytest.raises(BadInputError, match="먼저 모델을 학습"):
        choose_name(Wish("승격해줘"), [], "ko")
