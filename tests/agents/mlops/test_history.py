import pytest

from agents.mlops.history import Change, Kind, decode_change, line_of, settle


def change(version: str, previous: str | None, kind: Kind = "promotion") -> Change:
    return Change("2026-01-01T00:00:00.000+00:00", version, previous, kind)


FIRST, SECOND, THIRD = change("1", None, "first"), change("2", "1"), change("3", "2")


def test_a_change_survives_being_a_tag() -> None:
    made = Change("2026-01-01T00:00:00.000+00:00", "2", "1", "rollback", "매출 예측이 나빠짐")
    assert decode_change(made.encode()) == made


def test_a_reason_that_is_too_long_for_a_tag_is_cut() -> None:
    assert len(decode_change(Change("", "2", "1", "forced", "x" * 9000).encode()).reason) == 1000


@pytest.mark.parametrize(
    ("recorded", "champion", "versions"),
    [
        ([FIRST, SECOND], "2", ["1", "2"]),
        ([FIRST, SECOND, THIRD], "2", ["1", "2"]),  # broken off before the alias moved
        ([FIRST], None, []),
        ([FIRST, SECOND], "5", ["1", "2", "5"]),  # somebody moved the alias in MLflow
        ([], "4", ["4"]),  # a champion from before there was a history
    ],
)
def test_what_happened_is_told_by_the_alias(
    recorded: list[Change], champion: str | None, versions: list[str]
) -> None:
    assert [change.version for change in settle(recorded, champion)] == versions


def test_a_champion_from_outside_says_so() -> None:
    assert settle([FIRST], "7")[-1] == Change("", "7", "1", "outside")


def test_rolling_back_twice_goes_further_back_and_not_to_and_fro() -> None:
    once = [FIRST, SECOND, THIRD, change("2", "3", "rollback")]
    assert line_of(once) == ["1", "2"]
    assert line_of([*once, change("1", "2", "rollback")]) == ["1"]
    assert line_of([*once, change("3", "2")]) == ["1", "2", "3"]


def test_rolling_back_to_a_version_that_never_was_champion_puts_it_on_top() -> None:
    assert line_of([FIRST, SECOND, change("9", "2", "rollback")]) == ["1", "2", "9"]
