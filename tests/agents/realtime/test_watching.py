"""A replayed stream from file to report."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.realtime.story import stream_result
from agents.realtime.watching import replay_stream
from mesh.errors import BadInputError
from mesh.results import Column

COLUMNS = [
    Column(name="at", type="datetime", semantic="date"),
    Column(name="sensor", type="string", semantic="category"),
    Column(name="temperature", type="number", semantic="intensive"),
    Column(name="power", type="number", semantic="measure"),
]


def _events(n: int = 2880) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"at": pd.date_range("2024-03-01", periods=n, freq="1min"), "sensor": "s1"})
    frame["temperature"] = rng.normal(20, 1, n)
    frame["power"] = rng.normal(100, 5, n)
    return frame


@pytest.fixture
def save(tmp_path: Path) -> Any:
    def to_parquet(frame: pd.DataFrame) -> Path:
        path = tmp_path / "events.parquet"
        frame.to_parquet(path, index=False)
        return path

    return to_parquet


def test_windows_equal_pandas_resampling(save: Any) -> None:
    frame = _events()
    heard: list[float] = []
    data = replay_stream(
        save(frame),
        COLUMNS,
        "30분 온도 평균",
        "ko",
        progress=lambda fraction, _message: heard.append(fraction),
    )
    wanted = (
        frame.set_index("at")["temperature"].resample("30min").agg(["count", "mean", "min", "max", "std"])
    )
    assert (data["value_column"], data["window"], data["kind"]) == ("temperature", "30m", "tumbling")
    assert data["windows_total"] == len(wanted) == len(data["windows"])
    assert sum(w["count"] for w in data["windows"]) == data["events"] == len(frame)
    for window, (start, row) in zip(data["windows"], wanted.iterrows(), strict=True):
        assert pd.Timestamp(window["start"]) == start
        for name in ("count", "mean", "min", "max", "std"):
            assert window[name] == pytest.approx(row[name])
    assert heard == sorted(heard)
    assert data["late_events"] == data["empty_windows"] == 0


def test_a_spike_is_one_alert_and_a_step_is_drift(save: Any) -> None:
    frame = _events()
    frame.loc[1000:1059, "temperature"] += 40
    frame.loc[2000:, "temperature"] += 5
    data = replay_stream(save(frame), COLUMNS, "", "en", window="20m", column="temperature")
    spikes = [a for a in data["alerts"] if a["kind"] == "anomaly" and a["value"] > 40]
    assert len(spikes) == 1
    assert spikes[0]["windows"] >= 3
    drifts = [a for a in data["alerts"] if a["kind"] == "drift" and a["start"] > "2024-03-02 06:00"]
    assert [d["direction"] for d in drifts] == ["up"]
    step = pd.Timestamp("2024-03-01") + pd.Timedelta(minutes=2000)
    assert abs(pd.Timestamp(drifts[0]["start"]) - step) <= pd.Timedelta(minutes=80)


def test_a_table_in_no_order_is_replayed_by_time_and_said_so(save: Any) -> None:
    frame = _events(600)
    in_order = replay_stream(save(frame), COLUMNS, "", "en", window="10m")
    shuffled = replay_stream(save(frame.sample(frac=1, random_state=1)), COLUMNS, "", "en", window="10m")
    assert shuffled["order"] == "time"
    assert [w["count"] for w in shuffled["windows"]] == [w["count"] for w in in_order["windows"]]
    assert stream_result(shuffled, "en").warnings
    backwards = replay_stream(save(frame.iloc[::-1]), COLUMNS, "", "en", window="10m", order="reversed")
    assert backwards["windows"] == in_order["windows"]


def test_stragglers_are_late_in_arrival_order(save: Any) -> None:
    frame = _events(600)
    swapped = pd.concat([frame.iloc[:5], frame.iloc[6:100], frame.iloc[[5]], frame.iloc[100:]])
    data = replay_stream(save(swapped), COLUMNS, "", "en", window="10m", column="power")
    assert (data["order"], data["late_events"]) == ("arrival", 1)
    waiting = replay_stream(
        save(swapped), COLUMNS, "", "en", window="10m", column="power", allowed_lateness="2h"
    )
    assert waiting["late_events"] == 0


def test_without_a_number_events_are_counted(save: Any) -> None:
    frame = _events(600)[["at", "sensor"]]
    data = replay_stream(save(frame), COLUMNS[:2], "", "en", window="1h")
    assert data["value_column"] is None
    assert [w["count"] for w in data["windows"]] == [60] * 10


def test_only_the_last_windows_are_listed(save: Any) -> None:
    data = replay_stream(save(_events(700)), COLUMNS, "", "en", window="1m")
    assert data["windows_total"] == 700
    assert len(data["windows"]) == 500
    assert any("500" in note for note in stream_result(data, "en").warnings)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"window": "soon"}, "length of time"),
        ({"window": "1h", "slide": "2h"}, "slide"),
        ({"window": "7d", "slide": "1s"}, "overlap"),
        ({"column": "sensor"}, "not a numeric column"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(save: Any, options: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadInputError, match=complaint):
        replay_stream(save(_events(10)), COLUMNS, "", "en", **options)  # type: ignore[arg-type]


def test_a_table_without_times_is_refused(save: Any) -> None:
    with pytest.raises(BadInputError, match="no column of dates"):
        replay_stream(save(_events(10)), COLUMNS[1:], "", "en")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_number_in_the_prose_is_in_the_data(save: Any, language: Any) -> None:
    frame = _events()
    frame.loc[1000:1059, "temperature"] += 40
    frame.loc[2000:, "temperature"] += 5
    data = replay_stream(save(frame), COLUMNS, "", language, window="20m", column="temperature")
    result = stream_result(data, language)
    assert any(f.kind == "anomaly" for f in result.findings)
    assert any(f.kind == "drift" for f in result.findings)
    dumped = result.model_dump(mode="json")
    json.dumps(dumped, allow_nan=False)
    known = list(_numbers([data, dumped["findings"]]))
    for text in [result.summary, *result.warnings, *(f.text for f in result.findings)]:
        for token in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
            digits = len(token.split(".")[1]) if "." in token else 0
            assert any(
                abs(round(abs(k), digits) - float(token.replace(",", ""))) < 10**-digits / 2 for k in known
            ), (token, text)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
