"""Whole assessments: planted faults are found with their exact counts, clean data is left alone."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.quality.assessment import assess_file
from agents.quality.narrative import findings_of, kpis_of, share_text, summary_of, tables_of
from mesh.errors import BadInputError
from mesh.language import Language
from mesh.results import Column

TODAY = dt.date(2026, 1, 1)
SEMANTICS: dict[str, Any] = {
    "id": "identifier",
    "day": "date",
    "city": "category",
    "sales": "measure",
    "qty": "count",
    "age": "intensive",
    "percent": "intensive",
    "temp": "intensive",
    "email": "identifier",
    "price": "intensive",
    "total": "measure",
    "note": "text",
}


def assess(
    frame: pd.DataFrame, tmp_path: Path, language: Language = "en", **semantics: str
) -> dict[str, Any]:
    path = tmp_path / "data.parquet"
    frame.to_parquet(path, index=False)
    known = {**SEMANTICS, **semantics}
    columns = [Column(name=n, type="string", semantic=known.get(n, "unknown")) for n in frame.columns]
    before = path.read_bytes()
    data = assess_file(path, columns, language, 5, TODAY)
    assert path.read_bytes() == before
    json.dumps(data, allow_nan=False)
    return data


def issues(data: dict[str, Any], kind: str, column: str | None = None) -> list[dict[str, Any]]:
    return [i for i in data["issues"] if i["kind"] == kind and column in (None, i["column"])]


def clean(rows: int = 2000) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "id": np.arange(rows) + 1,
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(rows) % 400, "D"),
            "city": rng.choice(["Seoul", "Busan", "Daegu"], rows),
            "sales": np.round(np.exp(rng.normal(8, 1.2, rows)), 2),
            "qty": rng.poisson(4, rows) + 1,
            "age": rng.integers(18, 80, rows).astype(float),
            "percent": np.round(rng.random(rows) * 100, 1),
            "temp": rng.normal(15, 8, rows).round(1),
            "email": [f"user{i}@example.com" for i in range(rows)],
        }
    )


def test_clean_data_with_skewed_and_counted_columns_has_no_issue(tmp_path: Path) -> None:
    data = assess(clean(), tmp_path)

    assert data["issues"] == []
    assert data["score"] == 100
    assert data["calendar"]["frequency"] == "day"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "shape", ["normal", "lognormal", "exponential", "uniform", "poisson", "gamma", "weibull"]
)
def test_naturally_distributed_measures_have_next_to_no_outliers(
    tmp_path: Path, shape: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    draws = {
        "normal": rng.normal(0, 1, 20_000),
        "lognormal": np.exp(rng.normal(0, 1.5, 20_000)),
        "exponential": rng.exponential(3, 20_000),
        "uniform": rng.random(20_000),
        "poisson": rng.poisson(9, 20_000).astype(float),
        "gamma": rng.gamma(2, 2, 20_000),
        "weibull": rng.weibull(1.5, 20_000),
    }
    data = assess(pd.DataFrame({"sales": draws[shape]}), tmp_path)

    assert sum(issue["count"] for issue in issues(data, "outliers")) <= 3


def test_planted_faults_are_counted_exactly(tmp_path: Path) -> None:
    frame = clean()
    frame.loc[[5, 6, 7], "age"] = 999
    frame.loc[[50, 51], "age"] = np.nan
    frame.loc[100, "age"] = 150
    frame.loc[30, "sales"] = 1e9
    frame.loc[[33, 34], "qty"] = -2
    frame.loc[[40], "percent"] = 250
    frame.loc[60:70, "city"] = "seoul "
    frame.loc[80, "day"] = pd.Timestamp("2031-01-01")
    frame.loc[90, "temp"] = 400
    frame.loc[91:95, "email"] = "bad@"
    frame.loc[96:99, "city"] = "unknown"
    frame = pd.concat([frame, frame.iloc[:7], frame.iloc[[200]].assign(qty=3)], ignore_index=True)
    data = assess(frame, tmp_path)

    counts = {(i["kind"], i["column"]): i["count"] for i in data["issues"]}
    assert counts[("missing", "age")] == 2
    assert counts[("disguised_missing", "age")] == 5
    assert counts[("disguised_missing", "city")] == 4
    assert counts[("out_of_range", "age")] == 1
    assert counts[("out_of_range", "percent")] == 1
    assert counts[("negative", "qty")] == 2
    assert counts[("outliers", "sales")] == 1
    assert counts[("outliers", "temp")] == 1
    assert counts[("string_variants", "city")] == 11
    assert counts[("future_date", "day")] == 1
    assert counts[("invalid_format", "email")] == 5
    assert counts[("duplicate_rows", None)] == 7
    assert counts[("duplicate_key", "id")] == 1


def test_a_minus_sign_is_no_other_spelling(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": range(60), "mode": ["inf", "-inf", "a-b"] * 20})
    assert not [issue for issue in assess(frame, tmp_path)["issues"] if issue["kind"] == "string_variants"]


def test_long_texts_are_cut_in_the_report(tmp_path: Path) -> None:
    long = "quilt " * 2000
    frame = pd.DataFrame(
        {"same": [long] * 30, "note": [f"{long}{row % 3}" for row in range(30)], "n": range(30)}
    )
    frame.loc[:5, "note"] = long.upper()
    assert len(json.dumps(assess(frame, tmp_path))) < 30_000


def test_the_score_is_the_product_that_it_prints(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1, 2, 3, 4], "age": [20.0, None, -5.0, 40.0]})
    data = assess(frame, tmp_path)

    assert data["completeness"] == 7 / 8
    assert data["validity"] == 3 / 4
    assert data["uniqueness"] == data["consistency"] == 1
    assert data["score"] == round(100 * 7 / 8 * 3 / 4, 2)
    assert data["score_formula"].endswith("= 65.62")


def test_missing_values_that_another_column_explains_are_said_to_follow_a_rule(tmp_path: Path) -> None:
    frame = clean(500).assign(tenure=np.arange(500) % 50)
    frame.loc[frame["tenure"] == 0, "sales"] = np.nan
    found = issues(assess(frame, tmp_path), "missing", "sales")[0]

    assert (found["count"], found["severity"]) == (10, "low")
    assert (found["evidence"]["by"], found["evidence"]["value"]) == ("tenure", 0)


def test_a_rule_between_columns_is_found_and_its_violations_shown(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"price": rng.integers(5, 90, 800) * 10, "qty": rng.integers(2, 30, 800)})
    frame["total"] = frame["price"] * frame["qty"]
    assert assess(frame, tmp_path)["rules"] == [
        {"rule": "total = price × qty", "checked": 800, "broken": 0, "holds_share": 1.0}
    ]

    frame.loc[[10, 20], "total"] += 777
    found = issues(assess(frame, tmp_path), "broken_rule")[0]
    assert found["count"] == 2
    assert [example["row"] for example in found["examples"]] == [11, 21]


def test_gaps_in_a_daily_series_are_named(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=100).delete([40, 41, 70])
    data = assess(pd.DataFrame({"day": days, "sales": np.arange(97.0)}), tmp_path)

    assert data["calendar"]["absent"] == ["2024-02-10", "2024-02-11", "2024-03-11"]
    assert issues(data, "date_gaps")[0]["count"] == 3


@pytest.mark.parametrize(
    ("days", "frequency"),
    [
        (pd.date_range("2022-01-31", periods=30, freq="MS"), "month"),
        (pd.date_range("2022-01-03", periods=30, freq="7D"), "week"),
        (pd.bdate_range("2022-01-03", periods=60), "business day"),
        (pd.date_range("2022-01-03", periods=60), "day"),
    ],
)
def test_calendars_are_recognised(tmp_path: Path, days: pd.DatetimeIndex, frequency: str) -> None:
    assert assess(pd.DataFrame({"day": days}), tmp_path)["calendar"]["frequency"] == frequency


def test_irregular_dates_have_no_calendar(tmp_path: Path) -> None:
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.random.default_rng(1).integers(0, 3000, 300), "D")

    assert assess(pd.DataFrame({"day": days}), tmp_path)["calendar"] is None


def test_a_dense_key_of_two_columns_is_seen_to_be_broken(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=60)
    frame = pd.DataFrame(
        [(d, c, i) for i, d in enumerate(days) for c in ("A", "B", "C")], columns=["day", "city", "sales"]
    )
    frame = pd.concat([frame, frame.iloc[[3]].assign(sales=999)], ignore_index=True)
    found = issues(assess(frame, tmp_path), "duplicate_key")[0]

    assert found["evidence"]["key"] == "day × city"
    assert (found["count"], found["examples"][0]["row"], found["examples"][0]["same_as_row"]) == (1, 181, 4)


def test_mixed_types_and_dates_in_text(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "age": ["25", "29", "22", "Thirty", None],
            "joined": ["2023-01-01", "2023/02/15", "March 1, 2023", "2023-13-01", None],
        }
    )
    data = assess(frame, tmp_path, age="category", joined="category")

    assert issues(data, "mixed_types", "age")[0]["examples"] == [{"row": 4, "value": "Thirty"}]
    dates = issues(data, "mixed_dates", "joined")[0]
    assert dates["evidence"]["forms"] == 3
    assert "2023-13-01" in dates["message"]


def test_constant_equal_and_reversed_columns(tmp_path: Path) -> None:
    frame = clean(100).assign(fixed=1, copy=lambda f: f["temp"])
    frame["start"] = pd.date_range("2024-01-01", periods=100)
    frame["end"] = frame["start"] + pd.Timedelta(days=3)
    frame.loc[9, "end"] = pd.Timestamp("2023-01-01")
    data = assess(frame, tmp_path)

    assert issues(data, "constant")[0]["column"] == "fixed"
    assert issues(data, "equal_columns")[0]["column"] == "copy"
    assert issues(data, "reversed_period")[0]["examples"][0]["row"] == 10


def test_a_possible_typing_error_needs_a_frequent_neighbour(tmp_path: Path) -> None:
    frame = pd.DataFrame({"city": ["Seattle"] * 300 + ["Seatle"] * 2 + ["Chicago"] * 200})
    found = issues(assess(frame, tmp_path), "possible_typo")[0]

    assert (found["count"], found["examples"]) == (2, [{"value": "Seatle", "usual": "Seattle"}])


def test_signed_measures_may_be_negative(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"profit": rng.normal(3, 1, 500), "기온": rng.normal(5, 4, 500), "growth_rate": rng.normal(2, 1, 500)}
    )

    assert (
        assess(frame, tmp_path, profit="measure", 기온="intensive", growth_rate="intensive")["issues"] == []
    )


def test_profiles_agree_with_pandas(tmp_path: Path) -> None:
    frame = clean(997)
    frame.loc[::9, "sales"] = np.nan
    profiles = {p["name"]: p for p in assess(frame, tmp_path)["column_profiles"]}

    for name in ("sales", "qty", "temp", "age"):
        series, profile = frame[name], profiles[name]
        assert profile["count"] == series.count()
        assert profile["distinct"] == series.nunique()
        assert profile["mean"] == pytest.approx(series.mean())
        assert profile["std"] == pytest.approx(series.std())
        for label, value in profile["quantiles"].items():
            assert value == pytest.approx(series.quantile(float(label)))
        top = series.value_counts()
        assert profile["top_values"] == [] or profile["top_values"][0]["count"] == top.iloc[0]
        assert sum(profile["histogram"]["counts"]) == series.count()
    assert profiles["city"]["length"] == {"min": 5, "mean": 5.0, "max": 5}
    assert profiles["email"]["patterns"][0]["pattern"] == "aaaa999@a+.aaa"
    assert profiles["day"]["min"] == "2024-01-01T00:00:00"


NUMERAL = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?%?")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_number_in_a_finding_is_in_its_evidence(tmp_path: Path, language: Language) -> None:
    frame = clean()
    frame.loc[[5, 6], "qty"] = -3
    frame.loc[7, "temp"] = 999
    frame.loc[20:60, "sales"] = np.nan
    data = assess(frame, tmp_path, language)

    assert len(findings_of(data, language)) >= 4
    for item in findings_of(data, language):
        numbers = [
            v for value in item.evidence.values() for v in (value if isinstance(value, list) else [value])
        ]
        leaves = [float(v) for v in numbers if isinstance(v, int | float) and not isinstance(v, bool)]
        for token in NUMERAL.findall(item.text):
            scale = 0.01 if token.endswith("%") else 1.0
            value = float(token.rstrip("%").replace(",", "")) * scale
            assert any(value == pytest.approx(leaf, rel=5e-3, abs=6e-5 * scale) for leaf in leaves), (
                token,
                item,
            )


def test_the_words_are_in_the_language(tmp_path: Path) -> None:
    frame = clean(300)
    frame.loc[[5], "qty"] = -3
    korean, english = assess(frame, tmp_path, "ko"), assess(frame, tmp_path, "en")

    assert "품질 점수는 100점 만점에" in summary_of(korean, "ko")
    assert "1 value of qty is negative" in summary_of(english, "en")
    assert next(k.label for k in kpis_of(korean, "ko")) == "품질 점수"
    assert tables_of(korean, "ko")[0].title == "중요도순 문제 목록"


def test_a_share_below_one_is_never_printed_as_a_hundred_percent() -> None:
    assert [share_text(s) for s in (1.0, 0.5, 0.99996, 0.9999999)] == [
        "100%",
        "50.0%",
        "99.996%",
        "99.99999%",
    ]


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no rows"):
        assess(pd.DataFrame({"a": pd.Series([], dtype="float64")}), tmp_path)


def test_columns_without_any_value_do_no_harm(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "a": pd.Series([None, None], dtype="float64"),
            "b": pd.Series([None, None], dtype="str"),
            "c": [1, 2],
        }
    )
    data = assess(frame, tmp_path)

    assert {i["column"] for i in issues(data, "missing")} == {"a", "b"}
    assert data["completeness"] == pytest.approx(2 / 6)


VALUES = st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6, width=32)), min_size=1, max_size=40)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=VALUES, seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_change_counts_or_score(
    tmp_path: Path, values: list[float | None], seed: int
) -> None:
    cities = [("Seoul", "seoul", "Busan", "-")[i % 4] for i in range(len(values))]
    frame = pd.DataFrame({"sales": pd.Series(values, dtype="float64"), "city": cities})
    shuffled = frame.sample(frac=1, random_state=seed)
    first, second = assess(frame, tmp_path), assess(shuffled, tmp_path)

    assert first["score"] == second["score"]
    assert [(i["kind"], i["count"]) for i in first["issues"]] == [
        (i["kind"], i["count"]) for i in second["issues"]
    ]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(factor=st.sampled_from([0.5, 2.0, 1024.0]), spikes=st.integers(0, 3))
def test_outliers_do_not_depend_on_the_unit(tmp_path: Path, factor: float, spikes: int) -> None:
    values = np.random.default_rng(11).normal(50, 5, 400)
    values[:spikes] = 500
    counted = [
        sum(i["count"] for i in issues(assess(pd.DataFrame({"sales": values * f}), tmp_path), "outliers"))
        for f in (1.0, factor)
    ]

    assert counted == [spikes, spikes]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["x", "y", None])), min_size=1, max_size=30)
)
def test_duplicates_are_those_of_pandas(tmp_path: Path, rows: list[tuple[int, str | None]]) -> None:
    frame = pd.DataFrame(rows, columns=["sales", "city"])

    assert assess(frame, tmp_path)["duplicates"]["rows"] == int(frame.duplicated().sum())
