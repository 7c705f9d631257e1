"""The log of an endpoint: kept once, added up right, and bounded."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.mlops.serving.traffic import Answered, Outcome, TrafficLog
from mesh.errors import ConflictError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[TrafficLog]:
    """An empty log."""
    opened = TrafficLog(tmp_path / "traffic.db")
    yield opened
    opened.close()


def answered(request_id: str, *predicted: str | float, version: int = 1, digest: str = "d") -> Answered:
    """A request of as many rows as predictions."""
    features: list[dict[str, Any]] = [{"x": n} for n in range(len(predicted))]
    return Answered(request_id, digest, version, 0.01, features, predicted)


def test_a_request_sent_again_is_kept_once_and_its_id_is_not_for_other_rows(log: TrafficLog) -> None:
    for _ in range(2):
        log.check("r1", "d")
        log.record(answered("r1", "yes", "no"))
    assert (log.totals().requests, log.totals().rows) == (1, 2)
    with pytest.raises(ConflictError, match="'r1' was used for other rows"):
        log.check("r1", "another")


def test_losses_of_classes_count_errors_and_those_of_numbers_the_distance(log: TrafficLog) -> None:
    log.record(answered("a", "yes", "no", "예"))
    log.record(answered("b", 10.0, 4.5, version=2))
    known = log.label([Outcome("a", 0, "yes"), Outcome("a", 1, "yes"), Outcome("a", 2, "예")])
    assert known == {"accepted": 3, "duplicates": 0, "unknown": 0}
    log.label([Outcome("b", 0, 12), Outcome("b", 1, 4.0)])
    errors, distances = log.losses(1, 0), log.losses(2, 0)
    assert (errors.n, errors.total) == (3, 1.0)
    assert (distances.n, distances.total, distances.squares) == (2, 2.5, 4.25)
    assert log.losses(1, 1).n == 0


def test_the_first_label_stays_and_labels_of_unknown_rows_are_counted_as_such(log: TrafficLog) -> None:
    log.record(answered("a", "yes"))
    assert log.label([Outcome("a", 0, "no")])["accepted"] == 1
    again = log.label([Outcome("a", 0, "yes"), Outcome("a", 7, "yes"), Outcome("zzz", 0, "yes")])
    assert again == {"accepted": 0, "duplicates": 1, "unknown": 2}
    assert log.losses(1, 0).total == 1.0


@pytest.mark.parametrize("label_first", [True, False])
def test_shadow_answers_are_judged_beside_the_real_ones_whichever_comes_first(
    log: TrafficLog, label_first: bool
) -> None:
    log.record(answered("a", "yes", "yes", "no"))
    shadow = answered("a", "no", "yes", "no", version=2)
    labels = [Outcome("a", 0, "no"), Outcome("a", 1, "yes"), Outcome("a", 2, "yes")]
    for step in (0, 1) if label_first else (1, 0):
        if step == 0:
            log.label(labels)
        else:
            log.record_shadow(shadow)
    champion, challenger, difference = log.paired_losses(1, 2, 0)
    assert (champion.total, challenger.total, difference.total, difference.squares) == (2, 1, -1, 1)
    assert log.losses(2, 0).n == 0
    assert log.paired_predictions(1, 2, 0) == [("yes", "no"), ("yes", "yes"), ("no", "no")]


def test_the_oldest_rows_go_when_there_are_too_many_but_their_losses_stay(tmp_path: Path) -> None:
    log = TrafficLog(tmp_path / "traffic.db", max_rows=10)
    log.record(answered("old", "yes", "yes", "yes", "yes"))
    log.label([Outcome("old", 0, "no")])
    for number in range(3):
        log.record(answered(f"new{number}", "yes", "yes", "yes"))
    assert log.totals().rows == 9
    assert log.served_rows(0) == 9
    assert log.losses(1, 0).n == 1
    assert log.label([Outcome("old", 1, "no")])["unknown"] == 1
    log.close()


def test_a_window_ends_with_a_request_and_the_next_begins_after_it(log: TrafficLog) -> None:
    for number in range(4):
        log.record(answered(f"r{number}", float(number), float(number)))
    end, rows = log.window(0, 3)
    assert (end, [row[1] for row in rows]) == (2, [0.0, 0.0, 1.0, 1.0])
    assert rows[1] == ({"x": 1}, 0.0, 1)
    assert [row[1] for row in log.window(end, 100)[1]] == [2.0, 2.0, 3.0, 3.0]
    assert log.window(log.last_number(), 5) == (4, [])


def test_another_process_reads_what_was_written_and_a_killed_one_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "traffic.db"
    code = (
        "import os, sys; from pathlib import Path; from tests.agents.mlops.test_traffic import *\n"
        f"log = TrafficLog(Path({str(path)!r}))\n"
        "log.record(answered('a', 'yes')); log.label([Outcome('a', 0, 'no')]); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == -9
    reader = TrafficLog(path)
    assert reader.losses(1, 0).total == 1.0
    assert reader.totals().labels == 1
    reader.close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def test_latencies_are_the_median_and_the_99th_percentile(log: TrafficLog) -> None:
    assert log.totals().p50_s is None
    for number in range(100):
        log.record(Answered(f"r{number}", "d", 1, number / 1000, [{}], ["yes"]))
    assert (log.totals().p50_s, log.totals().p99_s) == (0.05, 0.099)
