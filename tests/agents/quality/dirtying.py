"""Clean tables like those that people have, errors put into them at known cells, and how well those cells are found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

Cell = tuple[str, int]

_SYLLABLES = "bar den fel gor hal jun kem lor mar nel por quin ras sol tam vor wil zen dale ston field brook wood haven"
_STATES = "AL AK AZ CA CO FL GA IL IN KY LA MA MD MI MN MO NC NJ NY OH PA SC TN TX VA WA WI"
SYLLABLES, STATES = _SYLLABLES.split(), _STATES.split()
MEASURES = (
    "Heart attack patients given aspirin at arrival",
    "Surgery patients whose preventive antibiotics were stopped in time",
    "Pneumonia patients given oxygenation assessment",
    "Heart failure patients given discharge instructions",
    "Children who received reliever medication while hospitalized",
    "Pneumonia patients assessed and given influenza vaccination",
    "Heart attack patients given beta blocker at discharge",
    "Surgery patients who were given an antibiotic at the right time",
)


@dataclass
class Dirty:
    """A table with errors: `clean` as it was, `frame` as it is, and the cells that differ by kind of error."""

    clean: pd.DataFrame
    frame: pd.DataFrame
    cells: dict[str, set[Cell]] = field(default_factory=dict)

    @property
    def all_cells(self) -> set[Cell]:
        """The wrong cells of every kind."""
        return set().union(*self.cells.values())

    def put(self, kind: str, column: str, rows: Iterable[int], error: Callable[[str], object]) -> None:
        """Replaces cells by what `error` makes of their text; cells that it leaves alone are not wrong."""
        values, spoilt = self.frame[column].tolist(), {row for name, row in self.all_cells if name == column}
        for row in map(int, rows):
            new = error(str(values[row]))
            if new != values[row] and row not in spoilt:
                values[row] = new
                self.cells.setdefault(kind, set()).add((column, row))
        self.frame[column] = pd.Series(values, dtype=object)


def dirty_copy(clean: pd.DataFrame) -> Dirty:
    """A copy without errors, to put errors into."""
    return Dirty(clean, clean.astype(object).where(clean.notna(), None))


def scores(found: set[Cell], wrong: set[Cell]) -> tuple[float, float]:
    """Precision and recall of found cells; 1 for the precision of nothing found."""
    hits = len(found & wrong)
    return hits / len(found) if found else 1.0, hits / len(wrong) if wrong else 1.0


def words(rng: np.random.Generator, count: int, parts: int = 3) -> list[str]:
    """Distinct made-up names."""
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(rng.choice(SYLLABLES, int(rng.integers(2, parts + 1)))).capitalize()] = None
    return list(made)


def typo(rng: np.random.Generator) -> Callable[[str], str]:
    """One letter replaced by x, left out, doubled or swapped with the next."""

    def damaged(text: str) -> str:
        letters = [i for i, char in enumerate(text[:-1]) if char.isalpha() and text[i + 1].isalpha()]
        if len(letters) < 3:
            return text
        at = int(rng.choice(letters[1:]))
        forms = (
            text[:at] + "x" + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
        return forms[int(rng.integers(len(forms)))]

    return damaged


def other_value(rng: np.random.Generator, values: "pd.Series[str]") -> Callable[[str], str]:
    """Another value of the same column."""
    pool = sorted(set(values.dropna()))
    return lambda text: str(rng.choice([value for value in pool if value != text]))


def hospitals(rng: np.random.Generator, rows: int = 1000) -> pd.DataFrame:
    """Hospitals by measure: nearly every column is determined by the provider or by the measure."""
    count = max(rows // 20, 4)
    names, cities, streets = words(rng, count), words(rng, count // 2), words(rng, count)
    city_of = rng.integers(0, len(cities), count)
    state_of = rng.choice(STATES, len(cities))
    provider, measure = rng.integers(0, count, rows), rng.integers(0, len(MEASURES), rows)
    zips = rng.permutation(np.arange(10_000, 99_999))[: len(cities)]
    phones = rng.permutation(np.arange(2_000_000_000, 9_999_999_999, 1_234_567))[:count]
    return pd.DataFrame(
        {
            "provider": [f"{10_000 + int(p) * 7}" for p in provider],
            "hospital": [f"{names[p]} Medical Center" for p in provider],
            "address": [f"{100 + int(p) * 3} {streets[p]} Street" for p in provider],
            "city": [cities[city_of[p]] for p in provider],
            "state": [state_of[city_of[p]] for p in provider],
            "zip": [str(zips[city_of[p]]) for p in provider],
            "phone": [str(phones[p]) for p in provider],
            "owner": [("Government", "Proprietary", "Voluntary Nonprofit")[p % 3] for p in provider],
            "emergency": ["No" if p % 7 == 0 else "Yes" for p in provider],
            "measure_code": [f"{('ami', 'scip', 'pn', 'hf')[m % 4]}-{m + 1}" for m in measure],
            "measure": [MEASURES[m] for m in measure],
            "score": [f"{int(s)}%" for s in rng.integers(40, 101, rows)],
        }
    )


def dirty_hospitals(seed: int, rows: int = 1000) -> Dirty:
    """Hospitals with typing errors, values of other rows and missing values."""
    rng = np.random.default_rng(seed)
    dirty = dirty_copy(hospitals(rng, rows))
    share = max(rows // 50, 1)
    for column in ("hospital", "address", "city", "owner", "measure_code", "measure", "emergency"):
        dirty.put("typo", column, rng.choice(rows, share, replace=False), typo(rng))
    for column in ("zip", "phone", "score"):
        dirty.put(
            "character",
            column,
            rng.choice(rows, share, replace=False),
            lambda t: f"{t[0]}x{t[2:]}" if len(t) > 2 else t,
        )
    for column in ("city", "state", "zip", "phone", "measure", "owner"):
        dirty.put(
            "swapped", column, rng.choice(rows, share, replace=False), other_value(rng, dirty.clean[column])
        )
    for column in ("city", "state", "measure"):
        dirty.put("missing", column, rng.choice(rows, share, replace=False), lambda _: None)
    return dirty


def beers(rng: np.random.Generator, rows: int = 2400) -> pd.DataFrame:
    """Beers by brewery, with amounts that were read as text."""
    count = rows // 5
    breweries, cities = words(rng, count), words(rng, count // 2)
    city_of, brewery = rng.integers(0, len(cities), count), np.sort(rng.integers(0, count, rows))
    states = rng.choice(STATES, len(cities))
    styles = [
        f"{a} {b}" for a in ("American", "English", "Belgian") for b in ("IPA", "Stout", "Pale Ale", "Porter")
    ]
    return pd.DataFrame(
        {
            "id": [str(i) for i in rng.permutation(rows) + 1],
            "beer": [
                f"{a} {b}" for a, b in zip(words(rng, rows), rng.choice(words(rng, 300), rows), strict=True)
            ],
            "style": rng.choice(styles, rows),
            "ounces": rng.choice(
                ["12.0", "16.0", "8.4", "24.0", "32.0"], rows, p=[0.6, 0.3, 0.04, 0.03, 0.03]
            ),
            "abv": [f"{a:.3f}" for a in rng.normal(0.06, 0.012, rows).clip(0.01)],
            "ibu": [str(int(i)) for i in rng.gamma(4, 10, rows) + 4],
            "brewery_id": [str(b) for b in brewery],
            "brewery": [f"{breweries[b]} Brewing Company" for b in brewery],
            "city": [cities[city_of[b]] for b in brewery],
            "state": [states[city_of[b]] for b in brewery],
        }
    )


def dirty_beers(seed: int, rows: int = 2400) -> Dirty:
    """Beers with units and percent signs, placeholders, missing states."""
    rng = np.random.default_rng(seed)
    dirty = dirty_copy(beers(rng, rows))

    def pick(share: float) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return rng.choice(rows, int(rows * share), replace=False)

    dirty.put("format", "ounces", pick(0.1), lambda t: f"{t} oz")
    dirty.put("format", "ounces", pick(0.03), lambda t: f"{t} OZ.")
    dirty.put("format", "abv", pick(0.15), lambda t: f"{t}%")
    dirty.put("disguised", "ibu", pick(0.1), lambda _: "N/A")
    dirty.put("missing", "state", pick(0.03), lambda _: None)
    dirty.put("swapped", "city", pick(0.03), other_value(rng, dirty.clean["city"]))
    dirty.put("typo", "style", pick(0.02), typo(rng))
    return dirty


def clock(rng: np.random.Generator) -> str:
    """A time of day as text."""
    return f"{int(rng.integers(1, 13))}:{int(rng.integers(0, 60)):02d} {rng.choice(['a.m.', 'p.m.'])}"


def flights(rng: np.random.Generator, flights_count: int = 60, sources: int = 35) -> pd.DataFrame:
    """Times of flights as many web sites report them."""
    codes = [
        f"{c}-{n}-{a}-{b}"
        for c, n, a, b in zip(
            rng.choice(["AA", "UA", "CO"], flights_count),
            rng.permutation(np.arange(100, 5000))[:flights_count],
            rng.choice(["ORD", "PHX", "IAH"], flights_count),
            rng.choice(["MIA", "JFK", "SFO"], flights_count),
            strict=True,
        )
    ]
    times = {code: [clock(rng) for _ in range(4)] for code in codes}
    sites = [f"site{s}" for s in range(sources)]
    rows = [(site, code, *times[code]) for code in codes for site in sites]
    return pd.DataFrame(
        rows, columns=["src", "flight", "sched_dep_time", "act_dep_time", "sched_arr_time", "act_arr_time"]
    )


def dirty_flights(seed: int) -> Dirty:
    """Flights with sites that disagree, dates before the time, missing times."""
    rng = np.random.default_rng(seed)
    dirty = dirty_copy(flights(rng))
    rows = len(dirty.clean)
    for column in ("sched_dep_time", "act_dep_time", "sched_arr_time", "act_arr_time"):
        dirty.put("disagreeing", column, rng.choice(rows, rows // 8, replace=False), lambda _: clock(rng))
        dirty.put("format", column, rng.choice(rows, rows // 30, replace=False), lambda t: f"12/02/2011 {t}")
        dirty.put("missing", column, rng.choice(rows, rows // 20, replace=False), lambda _: None)
    return dirty


def movies(rng: np.random.Generator, rows: int = 2000) -> pd.DataFrame:
    """Films with durations, ratings and dates as text."""
    directors = [f"{a} {b}" for a, b in zip(words(rng, 400), words(rng, 400), strict=True)]
    return pd.DataFrame(
        {
            "id": [f"tt{n:07d}" for n in rng.permutation(rows) + 100_000],
            "name": [
                f"The {a} of {b}"
                for a, b in zip(words(rng, rows), rng.choice(words(rng, 500), rows), strict=True)
            ],
            "year": [str(y) for y in rng.integers(1950, 2016, rows)],
            "director": rng.choice(directors, rows),
            "duration": [f"{int(d)} min" for d in rng.normal(105, 18, rows).clip(60)],
            "rating": [f"{r:.1f}" for r in rng.normal(6.4, 1.0, rows).clip(1, 10)],
            "votes": [f"{int(v):,}" for v in np.exp(rng.normal(9, 1.5, rows))],
            "language": rng.choice(["English", "French", "Korean", "Spanish"], rows, p=[0.7, 0.1, 0.1, 0.1]),
        }
    )


def dirty_movies(seed: int, rows: int = 2000) -> Dirty:
    """Films with other notations and typing errors."""
    rng = np.random.default_rng(seed)
    dirty = dirty_copy(movies(rng, rows))

    def pick(share: float) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return rng.choice(rows, int(rows * share), replace=False)

    dirty.put(
        "format",
        "duration",
        pick(0.04),
        lambda t: f"{int(t.split()[0]) // 60} hr. {int(t.split()[0]) % 60} min.",
    )
    dirty.put("format", "rating", pick(0.04), lambda t: f"{t}/10")
    dirty.put("format", "year", pick(0.03), lambda t: f"({t})")
    dirty.put("typo", "language", pick(0.02), typo(rng))
    dirty.put("disguised", "duration", pick(0.02), lambda _: "N/A")
    return dirty
