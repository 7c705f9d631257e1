from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from agents.eda.service import explore
from mesh.language import Language
from mesh.results import Column
from tests.agents.eda.prose import unresolved

Writer = Callable[[pd.DataFrame], Path]
RNG = np.random.default_rng(12)
BASE = RNG.normal(0, 1, 150)
TABLE = pd.DataFrame(
    {
        "smoke": RNG.choice(["never", "often"], 150),
        "exercise": RNG.choice(["none", "some", "much"], 150),
        "height": 170 + 8 * BASE,
        "span": 60 + 3 * BASE + RNG.normal(0, 2, 150),
        "luck": RNG.normal(0, 1, 150),
    }
)
COLUMNS = [
    Column(name="smoke", type="string", semantic="category"),
    Column(name="exercise", type="string", semantic="category"),
    *(
        Column(name=name, type="number", semantic="measure", confidence=0.4)
        for name in ("height", "span", "luck")
    ),
]


@pytest.mark.parametrize(
    ("goal", "language", "opening"),
    [
        ("Is smoking related to exercise?", "en", "No difference in"),
        ("How are height and span related?", "en", "height and span go together"),
        ("height와 luck은 관련이 있나요?", "ko", "height와 luck 사이의 관계는 확인되지 않았습니다"),
        ("Does height depend on smoking?", "en", "No difference in height by smoke"),
    ],
)
def test_the_columns_that_a_question_names_come_first(
    goal: str, language: Language, opening: str, parquet: Writer
) -> None:
    result = explore(parquet(TABLE), COLUMNS, goal, language)
    assert result.summary.startswith(opening)
    assert unresolved(result) == []


def test_a_correlation_comes_with_its_interval(parquet: Writer) -> None:
    result = explore(parquet(TABLE), COLUMNS, "How are height and span related?", "en")
    known = stats.pearsonr(TABLE["height"], TABLE["span"])
    evidence = result.findings[0].evidence
    assert evidence["r"] == pytest.approx(known.statistic)
    interval = known.confidence_interval(0.95)
    assert (evidence["low"], evidence["high"]) == pytest.approx((interval.low, interval.high))


def test_what_was_only_guessed_to_add_up_is_not_added_up(parquet: Writer) -> None:
    result = explore(parquet(TABLE), COLUMNS, "analyse the data", "en")
    assert not any("adds up to" in finding.text for finding in result.findings)


def test_two_categories_without_a_link_are_said_to_have_none(parquet: Writer) -> None:
    result = explore(parquet(TABLE[["smoke", "exercise"]]), COLUMNS[:2], "analyse the data", "en")
    assert "No clear link between the categories" in result.summary


def test_two_factors_of_a_number_are_its_groups(parquet: Writer) -> None:
    dose, kind = np.repeat([1, 2, 3], 20), np.tile(["a", "b"], 30)
    size = 10.0 * dose + 2.5 * (kind == "a") + np.random.default_rng(4).normal(0, 2, 60)
    frame = pd.DataFrame({"len": size, "supp": kind, "dose": dose})
    columns = [
        Column(name="len", type="number", semantic="measure"),
        Column(name="supp", type="string", semantic="category"),
        Column(name="dose", type="integer", semantic="measure"),
    ]
    result = explore(parquet(frame), columns, "Does the length depend on the supplement and the dose?", "en")
    told = [f for f in result.findings if f.kind == "relation"]
    assert told[0].text.startswith("len differs significantly by dose")
    assert {(f.evidence["measure"], f.evidence["group"]) for f in told if "group" in f.evidence} == {
        ("len", "dose"),
        ("len", "supp"),
    }
    assert any("With dose held fixed there is a difference in len by supp" in f.text for f in told)
