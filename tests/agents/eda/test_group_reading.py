from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.eda.group_service import compare
from agents.eda.target import positive_level
from mesh.language import Language
from mesh.results import Column
from mesh.tabular.sheet import Levels

Writer = Callable[[pd.DataFrame], Path]
RNG = np.random.default_rng(3)
SURVEY = pd.DataFrame(
    {
        "sex": np.resize(["M", "F"], 240),
        "smoke": np.resize(["never", "often", "never", "now and then"], 240),
        "exer": RNG.choice(["none", "some", "much"], 240),
        "cyl": np.resize([4, 6, 8], 240),
        "mpg": RNG.normal(20, 3, 240) - np.resize([0, 2, 4], 240),
        "left": RNG.normal(19, 2, 240),
        "right": RNG.normal(19.5, 2, 240),
        "약": np.resize([1, 2], 240),
        "survived": RNG.integers(0, 2, 240).astype(bool),
    }
)
COLUMNS = [
    Column(name="sex", type="string", semantic="category"),
    Column(name="smoke", type="string", semantic="category"),
    Column(name="exer", type="string", semantic="category"),
    Column(name="cyl", type="integer", semantic="measure"),
    Column(name="mpg", type="number", semantic="measure"),
    Column(name="left", type="number", semantic="measure"),
    Column(name="right", type="number", semantic="measure"),
    Column(name="약", type="integer", semantic="measure"),
    Column(name="survived", type="boolean", semantic="boolean"),
]


def _asked(goal: str, parquet: Writer, language: Language = "en") -> list[dict[str, Any]]:
    report = compare(parquet(SURVEY), COLUMNS, goal, None, None, language).outputs[0].data
    assert report is not None
    tests: list[dict[str, Any]] = report["group_tests"]
    return tests


@pytest.mark.parametrize(
    ("goal", "language", "group", "measure"),
    [
        ("Does mpg differ by cyl?", "en", "cyl", "mpg"),
        ("Is smoking related to exercise?", "en", "smoke", "exer"),
        ("Did women have a better survival rate than men?", "en", "sex", "survived"),
        ("Do men and women differ in mpg?", "en", "sex", "mpg"),
        ("두 약 사이에 mpg 차이가 있나요?", "ko", "약", "mpg"),
    ],
)
def test_a_question_names_columns_in_other_forms(
    goal: str, language: Language, group: str, measure: str, parquet: Writer
) -> None:
    (test,) = _asked(goal, parquet, language)
    assert {test["group"], test["measure"]} == {group, measure}
    if measure != "exer":
        assert test["group"] == group


@pytest.mark.parametrize("goal", ["Do left and right differ?", "Is right greater than left?"])
def test_two_columns_joined_by_a_question_are_compared_row_by_row(goal: str, parquet: Writer) -> None:
    (test,) = _asked(goal, parquet)
    assert test["assumptions"]["paired"]
    assert {g["name"] for g in test["groups"]} == {"left", "right"}


def test_a_number_by_another_of_few_values_is_not_a_pair(parquet: Writer) -> None:
    assert not _asked("Does mpg depend on cyl?", parquet)[0]["assumptions"].get("paired")


@pytest.mark.parametrize(
    ("names", "column", "event"),
    [
        (("Admitted", "Rejected"), "Admit", "Admitted"),
        (("불합격", "합격"), "합격여부", "합격"),
        (("COVID-19", "no COVID-19"), "outcome", "COVID-19"),
        (("미납", "완납"), "상태", "완납"),
        (("No", "Yes"), "x", "Yes"),
    ],
)
def test_the_event_is_the_level_that_is_no_denial(names: tuple[str, str], column: str, event: str) -> None:
    assert positive_level(Levels(np.array([0, 1]), names), column) == event


def test_two_factors_are_held_fixed_in_turn(parquet: Writer) -> None:
    rng = np.random.default_rng(4)
    dose, kind = np.repeat([1, 2, 3], 20), np.tile(["a", "b"], 30)
    frame = pd.DataFrame(
        {"dose": dose, "kind": kind, "size": 10.0 * dose + 2.5 * (kind == "a") + rng.normal(0, 2, 60)}
    )
    columns = [
        Column(name="dose", type="integer", semantic="measure"),
        Column(name="kind", type="string", semantic="category"),
        Column(name="size", type="number", semantic="measure"),
    ]
    result = compare(parquet(frame), columns, "does size differ by kind and dose?", None, None, "en")
    held = {
        f.evidence["group"]: f
        for f in result.findings
        if f.kind == "held_fixed" and "difference" in f.evidence
    }
    cells = frame.groupby(["dose", "kind"])["size"].mean().unstack()
    assert held["kind"].evidence["difference"] == pytest.approx((cells["a"] - cells["b"]).mean())
    assert "With dose held fixed there is a difference in size by kind" in held["kind"].text
