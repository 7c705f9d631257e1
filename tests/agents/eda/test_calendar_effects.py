import numpy as np
import pandas as pd
import pytest

from agents.eda.calendar_effects import calendar_effects
from agents.eda.decomposition import split
from agents.eda.holidays import BUDDHA, CHUSEOK, SEOLLAL, korean_holidays

NEW_MOON = pd.Timestamp("2000-01-06 18:14")
MONTH_DAYS = 29.530588853
DAYS = pd.date_range("2022-01-01", "2023-12-31")


def _age(day: str) -> float:
    """Days since the mean new moon, at noon in Seoul; the true one is up to 0.6 days off."""
    return float((pd.Timestamp(day) + pd.Timedelta(hours=3) - NEW_MOON) / pd.Timedelta(days=1) % MONTH_DAYS)


@pytest.mark.parametrize(("table", "day_of_moon"), [(SEOLLAL, 1), (BUDDHA, 8), (CHUSEOK, 15)])
def test_the_lunar_holidays_fall_on_their_day_of_the_moon(table: tuple[str, ...], day_of_moon: int) -> None:
    assert [day[:4] for day in table] == [str(year) for year in range(2015, 2028)]
    for day in table:
        apart = (_age(day) - (day_of_moon - 0.5) + MONTH_DAYS / 2) % MONTH_DAYS - MONTH_DAYS / 2
        assert abs(apart) < 1.6, day


def test_a_year_of_holidays() -> None:
    days = korean_holidays(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"))
    assert [day.strftime("%m-%d") for day in days] == [
        *(
            "01-01",
            "02-09",
            "02-10",
            "02-11",
            "03-01",
            "05-05",
            "05-15",
            "06-06",
            "08-15",
            "09-16",
            "09-17",
            "09-18",
        ),
        *("10-03", "10-09", "12-25"),
    ]
    assert korean_holidays(pd.Timestamp("2014-06-01"), pd.Timestamp("2016-01-01")).empty


def test_planted_effects_are_found_and_nothing_else() -> None:
    noise = np.random.default_rng(95).normal(0, 3, len(DAYS))
    closed = DAYS.isin(korean_holidays(DAYS[0], DAYS[-1]))
    values = 100 + 5 * (DAYS.day_of_week >= 5) + noise - 30 * closed
    effects = {e["kind"]: e for e in calendar_effects(split(np.asarray(values), "D"), DAYS, "ko")}
    assert effects["holiday"]["p_adjusted"] < 1e-6
    assert effects["holiday"]["effect"] == pytest.approx(-0.3, abs=0.06)
    assert effects["month_end"]["p_adjusted"] > 0.01


def test_ends_of_the_month_are_tested() -> None:
    noise = np.random.default_rng(96).normal(0, 3, len(DAYS))
    values = 100 + noise + 12 * (DAYS.day > DAYS.days_in_month - 3)
    effects = {e["kind"]: e for e in calendar_effects(split(np.asarray(values), "D"), DAYS, "en")}
    assert effects["month_end"]["effect"] == pytest.approx(0.12, abs=0.03)
    assert effects["month_end"]["p_adjusted"] < 1e-6
    assert "holiday" not in effects
