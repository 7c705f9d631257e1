"""Retention and funnels, against tables that pandas makes and against arithmetic by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.eda.cohort_service import analyze_cohorts
from agents.eda.retention import retention
from mesh.errors import BadInputError, NeedsInputError
from mesh.language import Language
from mesh.results import Column, SkillResult
from tests.agents.eda.prose import unresolved

Writer = Callable[[pd.DataFrame], Path]
ORDERS = [
    Column(name="order_id", type="string", semantic="identifier"),
    Column(name="customer_id", type="string", semantic="identifier"),
    Column(name="ordered_at", type="datetime", semantic="date"),
    Column(name="amount", type="number", semantic="measure"),
]
EVENTS = [
    Column(name="user_id", type="string", semantic="identifier"),
    Column(name="event", type="string", semantic="category"),
    Column(name="time", type="datetime", semantic="date"),
]


def analyse(
    path: Path, columns: list[Column], goal: str, language: Language = "en", **given: Any
) -> SkillResult:
    named = {"person": None, "date": None, "stage": None, "order": []} | given
    return analyze_cohorts(path, columns, goal, **named, language=language)


def report_of(result: SkillResult) -> dict[str, Any]:
    data = result.outputs[0].data
    assert data is not None
    json.dumps(data, allow_nan=False)
    return data


@pytest.fixture
def orders() -> pd.DataFrame:
    """300 customers over a year, up to 24 December."""
    rng = np.random.default_rng(3)
    customer = rng.integers(0, 300, 1500)
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 358, 1500), unit="D")
    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(1500)],
            "customer_id": [f"c{i}" for i in customer],
            "ordered_at": day,
            "amount": rng.gamma(2, 20, 1500),
        }
    )


def by_pandas(frame: pd.DataFrame, freq: str) -> pd.DataFrame:
    period = frame["ordered_at"].dt.to_period(freq)
    first = period.groupby(frame["customer_id"]).transform("min")
    age = (period.astype("int64") - first.astype("int64")).rename("age")
    return frame["customer_id"].groupby([first, age]).nunique().unstack()


@pytest.mark.parametrize(
    ("goal", "freq"), [("cohort retention", "M"), ("weekly retention by cohort", "W-SUN")]
)
def test_the_retention_table_is_that_of_pandas(
    orders: pd.DataFrame, parquet: Writer, goal: str, freq: str
) -> None:
    result = analyse(parquet(orders), ORDERS, goal)
    cohorts = report_of(result)["cohorts"]
    assert (cohorts["person"], cohorts["date"]) == ("customer_id", "ordered_at")
    expected = by_pandas(orders, freq)
    last = orders["ordered_at"].max().to_period(freq)
    for cohort, (start, row) in zip(cohorts["cohorts"], expected.iterrows(), strict=True):
        assert len(cohort["active"]) == (last - start).n + 1
        wanted = row.reindex(range(len(cohort["active"]))).fillna(0)
        assert cohort["active"] == wanted.tolist()
    assert sum(cohort["size"] for cohort in cohorts["cohorts"]) == orders["customer_id"].nunique()


def test_the_curve_counts_whole_periods_alone(orders: pd.DataFrame, parquet: Writer) -> None:
    cohorts = report_of(analyse(parquet(orders), ORDERS, "코호트 유지율 곡선", "ko"))["cohorts"]
    assert cohorts["partial"] == "2023-12"
    expected = by_pandas(orders, "M")
    for age in (1, 5):
        reached = expected.iloc[: 11 - age]
        point = cohorts["curve"][age]
        assert point["n"] == int(reached[0].sum())
        assert point["active"] == int(reached[age].sum())
        assert point["low"] < point["share"] < point["high"]
    assert len(cohorts["curve"]) == 11


@pytest.mark.parametrize(("goal", "language"), [("cohort retention", "en"), ("코호트 분석해줘", "ko")])
def test_every_number_about_cohorts_is_in_the_result(
    orders: pd.DataFrame, parquet: Writer, tmp_path: Path, goal: str, language: Language
) -> None:
    page = tmp_path / "page.html"
    result = analyse(parquet(orders), ORDERS, goal, language, page=page)
    assert unresolved(result) == []
    told = [found for found in result.findings if found.kind == "retention"]
    assert told
    assert all(f"{found.evidence['confidence']:.0%}" in found.text for found in told)
    assert "2023-12" in " ".join(result.warnings)
    assert "retention-heatmap" in page.read_text(encoding="utf-8")


@pytest.fixture
def events() -> pd.DataFrame:
    """100 visit, 60 of them sign up a day later, 30 of those buy; five more buy without signing up, one signs up after buying."""
    rows = [(f"u{i}", "visit", i % 10) for i in range(100)]
    rows += [(f"u{i}", "sign-up", i % 10 + 1) for i in range(60)]
    rows += [(f"u{i}", "buy", i % 10 + 3) for i in range(30)]
    rows += [(f"u{i}", "buy", i % 10 + 3) for i in range(90, 95)]
    rows += [("u70", "buy", 1), ("u70", "sign-up", 5)]
    frame = pd.DataFrame(rows, columns=["user_id", "event", "day"])
    frame["time"] = pd.Timestamp("2024-03-01") + pd.to_timedelta(frame.pop("day"), unit="D")
    return frame.sample(frac=1, random_state=1, ignore_index=True)


@pytest.mark.parametrize(
    ("goal", "language"), [("Where do we lose people in the funnel?", "en"), ("퍼널 전환율을 분석해줘", "ko")]
)
def test_a_funnel_counts_who_took_every_step_in_order(
    events: pd.DataFrame, parquet: Writer, goal: str, language: Language
) -> None:
    result = analyse(parquet(events), EVENTS, goal, language)
    report = report_of(result)
    steps = report["funnel"]["steps"]
    assert report["funnel"]["order"] == "time"
    assert [(s["name"], s["reached"], s["seen"]) for s in steps] == [
        ("visit", 100, 100),
        ("sign-up", 61, 61),
        ("buy", 30, 36),
    ]
    assert [s["conversion"] for s in steps] == [None, pytest.approx(0.61), pytest.approx(30 / 61)]
    assert [s["days"] for s in steps] == [None, 1, 2]
    assert report["cohorts"] is None
    assert unresolved(result) == []


def test_a_declared_order_is_kept(events: pd.DataFrame, parquet: Writer) -> None:
    by_param = analyse(parquet(events), EVENTS, "funnel", order=["visit", "buy"])
    by_words = analyse(parquet(events), EVENTS, "Show the funnel visit -> buy")
    for result in (by_param, by_words):
        funnel = report_of(result)["funnel"]
        assert funnel["order"] == "declared"
        assert [(s["name"], s["reached"]) for s in funnel["steps"]] == [("visit", 100), ("buy", 36)]
        assert funnel["left_out"] == ["sign-up"]


def test_one_row_per_person_is_the_furthest_step(parquet: Writer) -> None:
    frame = pd.DataFrame(
        {"lead_id": [f"l{i}" for i in range(60)], "stage": ["Lead"] * 30 + ["Proposal"] * 20 + ["Won"] * 10}
    )
    columns = [
        Column(name="lead_id", type="string", semantic="identifier"),
        Column(name="stage", type="string", semantic="category"),
    ]
    funnel = report_of(analyse(parquet(frame), columns, "conversion by stage"))["funnel"]
    assert funnel["order"] == "names"
    assert [(s["name"], s["reached"]) for s in funnel["steps"]] == [
        ("Lead", 60),
        ("Proposal", 30),
        ("Won", 10),
    ]


def test_what_is_unclear_is_asked(orders: pd.DataFrame, events: pd.DataFrame, parquet: Writer) -> None:
    with pytest.raises(NeedsInputError, match=r"steps.*order_id, customer_id"):
        analyse(parquet(orders), ORDERS, "show the funnel")
    unordered = events.drop(columns="time").replace({"visit": "alpha", "buy": "beta", "sign-up": "gamma"})
    with pytest.raises(NeedsInputError, match=r"order.*alpha, beta, gamma"):
        analyse(parquet(unordered), EVENTS[:2], "funnel")
    two = orders.assign(user_id=orders["customer_id"])
    with pytest.raises(NeedsInputError, match="customer_id, user_id"):
        analyse(
            parquet(two), [*ORDERS, Column(name="user_id", type="string", semantic="identifier")], "retention"
        )
    dated = orders.assign(shipped_at=orders["ordered_at"])
    with pytest.raises(NeedsInputError, match="ordered_at, shipped_at"):
        analyse(
            parquet(dated),
            [*ORDERS, Column(name="shipped_at", type="datetime", semantic="date")],
            "retention",
        )


def test_one_period_alone_has_no_cohorts(orders: pd.DataFrame, parquet: Writer) -> None:
    one_day = orders.assign(ordered_at=pd.Timestamp("2024-01-01"))
    with pytest.raises(BadInputError, match="more than one period"):
        analyse(parquet(one_day), ORDERS, "cohort retention")
    with pytest.raises(BadInputError, match="nobody"):
        analyse(parquet(orders), ORDERS, "cohorts", person="nobody")


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 200)), min_size=1, max_size=60))
def test_cohorts_count_everybody_once_whatever_the_order_of_rows(rows: list[tuple[int, int]]) -> None:
    ids = np.array([person for person, _ in rows], dtype=np.int64)
    days = pd.Series(pd.Timestamp("2024-01-01") + pd.to_timedelta([day for _, day in rows], unit="D"))
    found = retention(ids, days, "MS")
    assert found == retention(ids[::-1], days.iloc[::-1].reset_index(drop=True), "MS")
    if found is not None:
        assert sum(cohort["size"] for cohort in found["cohorts"]) == len(set(ids.tolist())) == found["people"]
        assert all(
            0 <= active <= cohort["size"] for cohort in found["cohorts"] for active in cohort["active"]
        )
        assert all(cohort["active"][0] == cohort["size"] for cohort in found["cohorts"])
