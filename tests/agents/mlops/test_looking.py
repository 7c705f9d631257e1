"""What one look at an endpoint's log finds: drift against the training data, decay, and how a trial stands."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.mlops.serving.endpoint import TRAFFIC, Endpoint, EndpointFolders, Trial, Watch
from agents.mlops.serving.looking import look
from agents.mlops.serving.served_drift import drift_of_window, spent
from agents.mlops.serving.traffic import Answered, Outcome, TrafficLog
from agents.mlops.serving.verdict_story import (
    agreement_finding,
    decay_finding,
    drift_finding,
    rollback_finding,
    trial_finding,
)
from mesh.scoring.description import describe

from .served_models import line, over, put_version

NAME = "late"


def drawn(
    path: Path, xs: np.ndarray, predicted: list[str | float], shop: list[str] | None = None
) -> dict[str, Any]:
    """The drift of served rows from the training data, a thousand values spread evenly over 0 to 1."""
    model = over(0.5, path / "model.pkl")
    model["inputs"].append({"name": "shop", "source": "shop", "type": "category"})
    trained = pd.DataFrame({"x": np.linspace(0, 1, 1000), "shop": ["A", "B"] * 500})
    served = pd.DataFrame({"x": xs, "shop": shop or ["A", "B"] * (len(xs) // 2)})
    return drift_of_window(describe(model), model, trained, served, predicted, 0.05)


def test_rows_like_the_training_data_have_not_drifted(tmp_path: Path) -> None:
    xs = np.random.default_rng(1).random(500)
    found = drawn(tmp_path, xs, ["yes", "no"] * 250)
    assert (found["drifted"], found["rows"], found["reference_rows"]) == ([], 500, 1000)
    assert {item["column"] for item in found["columns"]} == {"x", "shop", "prediction"}


def test_shifted_numbers_categories_and_predictions_are_told_apart(tmp_path: Path) -> None:
    xs = 0.5 + np.random.default_rng(1).random(500) / 2
    found = drawn(tmp_path, xs, ["yes"] * 500, shop=["C"] * 250 + ["A", "B"] * 125)
    sizes = {item["column"]: item for item in found["columns"]}
    assert set(found["major"]) == {"x", "shop", "prediction"}
    # Half of the rows would have to change their shop; half of the hold-out's predictions were "yes", now all are.
    assert sizes["shop"]["size"] == pytest.approx(0.5)
    assert (sizes["shop"]["value"], sizes["shop"]["before"], sizes["shop"]["after"]) == ("C", 0.0, 0.5)
    assert sizes["prediction"]["size"] == pytest.approx(0.5)
    assert sizes["x"]["after"] == pytest.approx(0.75, abs=0.02)
    told = drift_finding(found, "en")
    assert "prediction ('no' 50.0% → 0.0%)" in told.text or "prediction ('yes' 50.0% → 100.0%)" in told.text
    assert "PSI" in drift_finding(found, "ko").text


def test_cells_that_begin_to_be_missing_are_drift(tmp_path: Path) -> None:
    xs = np.random.default_rng(1).random(500)
    xs[:200] = np.nan
    found = drawn(tmp_path, xs, ["yes", "no"] * 250)
    first = found["columns"][0]
    assert (first["column"], first["kind"], first["before"], first["after"]) == ("x", "missing", 0.0, 0.4)
    assert "missing 0.0% → 40.0%" in drift_finding(found, "en").text


def test_false_alarms_of_drift_over_many_windows_stay_below_their_rate(tmp_path: Path) -> None:
    random = np.random.default_rng(9)
    alarms = [bool(drawn(tmp_path, random.random(200), ["yes", "no"] * 100)["drifted"]) for _ in range(12)]
    assert sum(alarms) == 0
    assert sum(spent(0.05, window) for window in range(1, 10_000)) == pytest.approx(0.05, rel=1e-3)


def endpoint(folder: EndpointFolders, *limits: float, **state: object) -> Path:
    """An endpoint's folder, whose versions say "yes" above limits."""
    place = folder.folder(NAME)
    for version, limit in enumerate(limits, start=1):
        put_version(place, version, over, limit)
    folder.save(Endpoint.model_validate({"name": NAME, "port": 9, "version": 1, **state}))
    return place


def traffic(folder: Path, xs: np.ndarray, limits: tuple[float, ...], true_above: float | None) -> None:
    """Requests of ten rows, answered by version 1 and scored by others in its shadow, and their outcomes."""
    log = TrafficLog(folder / TRAFFIC)
    for number, block in enumerate(np.split(xs, len(xs) // 10)):
        for version, limit in enumerate(limits, start=1):
            said = ["yes" if x > limit else "no" for x in block]
            answer = Answered(f"r{number}", "d", version, 0.01, [{"x": float(x)} for x in block], said)
            (log.record if version == 1 else log.record_shadow)(answer)
        if true_above is not None:
            log.label(
                [Outcome(f"r{number}", row, "yes" if x > true_above else "no") for row, x in enumerate(block)]
            )
    log.close()


def test_a_look_finds_decay_drift_and_what_is_still_missing(tmp_path: Path) -> None:
    folder = endpoint(EndpointFolders(tmp_path), 0.5, watch=Watch(window=200))
    traffic(folder, np.random.default_rng(2).random(650), (0.5,), true_above=0.2)
    seen = look(folder)["watch"]
    assert seen["decay"]["verdict"] == "decayed"
    assert seen["decay"]["live"]["estimate"] == pytest.approx(0.3, abs=0.05)
    assert (seen["windows"], seen["drift"]["drifted"], seen["waiting_rows"]) == (3, [], 50)
    told = decay_finding(seen["decay"], "en")
    assert "The model has decayed: over 650 true outcomes its error rate is" in told.text
    assert told.evidence["labels"] == 650
    assert "성능이 저하되었습니다" in decay_finding(seen["decay"], "ko").text


def test_a_model_as_good_as_in_validation_has_not_decayed(tmp_path: Path) -> None:
    folder = endpoint(EndpointFolders(tmp_path), 0.5, watch=Watch(window=100_000))
    traffic(folder, np.random.default_rng(2).random(300), (0.5,), true_above=0.5)
    seen = look(folder)["watch"]
    assert (seen["decay"]["verdict"], seen["drift"]) == ("undecided", None)
    assert "No decay is proved" in decay_finding(seen["decay"], "en").text


def test_a_shadow_tells_disagreement_before_outcomes_and_the_winner_after(tmp_path: Path) -> None:
    trial = Trial(version=2, mode="shadow")
    folder = endpoint(EndpointFolders(tmp_path), 0.5, 0.2, trial=trial)
    xs = np.random.default_rng(3).permutation(np.linspace(0.001, 0.999, 500))
    traffic(folder, xs, (0.5, 0.2), true_above=None)
    before = look(folder)["trial"]
    assert before["verdict"] == "too_few"
    told = agreement_finding(before, "en")
    assert told is not None
    assert told.evidence["rate"] == pytest.approx(0.3, abs=0.01)
    assert "30.0% of 500 rows" in told.text
    traffic(folder, xs, (), true_above=0.2)
    after = look(folder)["trial"]
    assert (after["verdict"], after["only_champion_right"]) == ("challenger", 0)
    assert after["only_challenger_right"] == pytest.approx(150, abs=1)
    assert "Version 2 is better than the champion, version 1" in trial_finding(after, 1, trial, "en").text


def test_a_split_compares_the_callers_of_each_version(tmp_path: Path) -> None:
    trial = Trial(version=2, mode="split")
    folder = endpoint(EndpointFolders(tmp_path), 0.5, 0.2, trial=trial)
    log = TrafficLog(folder / TRAFFIC)
    for number, x in enumerate(np.random.default_rng(4).random(800)):
        version, limit = ((1, 0.5), (2, 0.2))[number % 2]
        said = "yes" if x > limit else "no"
        log.record(Answered(f"r{number}", "d", version, 0.01, [{"x": float(x)}], [said]))
        log.label([Outcome(f"r{number}", 0, "yes" if x > 0.2 else "no")])
    log.close()
    found = look(folder)["trial"]
    assert (found["verdict"], found["champion_rows"], found["challenger_rows"]) == ("challenger", 400, 400)
    assert found["difference"]["high"] < 0
    assert "버전 2가 챔피언인 버전 1보다 낫습니다" in trial_finding(found, 1, trial, "ko").text


def test_numbers_are_judged_by_their_distance(tmp_path: Path) -> None:
    folders = EndpointFolders(tmp_path)
    place = folders.folder(NAME)
    put_version(place, 1, line, 10.0)
    folders.save(Endpoint(name=NAME, port=9, version=1, watch=Watch(window=100)))
    log = TrafficLog(place / TRAFFIC)
    for number, x in enumerate(np.random.default_rng(6).random(200)):
        log.record(Answered(f"r{number}", "d", 1, 0.01, [{"x": float(x)}], [10 * float(x)]))
        log.label([Outcome(f"r{number}", 0, 10 * float(x) + (5 if number % 2 else -5))])
    log.close()
    seen = look(place)["watch"]
    assert (seen["decay"]["verdict"], seen["decay"]["live"]["estimate"]) == ("decayed", pytest.approx(5.0))
    assert "mean absolute error is 5 (" in decay_finding(seen["decay"], "en").text
    assert seen["drift"]["columns"][-1]["kind"] == "number"


def test_a_rollback_is_told_with_its_reason_and_numbers() -> None:
    done = {"from": 2, "to": 1, "reason": "It was wrong 30 % of the time.", "evidence": {"live": 0.3}}
    told = rollback_finding(done, NAME, "en")
    assert told.text == "'late' was rolled back from version 2 to version 1. It was wrong 30 % of the time."
    assert told.evidence["live"] == 0.3
    stays = rollback_finding({**done, "to": None, "problem": "There was none before."}, NAME, "ko")
    assert stays.text.endswith("There was none before.")
