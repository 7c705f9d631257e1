"""The notebook's middle: the figure in question, its breakdowns, its course over time with a baseline forecast."""

from mesh.language import Language, say

from .cells import Cell, code, markdown
from .outline import Outline

_FUNCTIONS = '''
def one_spelling(values):
    """The values as texts; those that differ only in capitals or spaces in their most frequent spelling. `data` stays as is."""
    text = values.dropna().astype(str)
    counts = text.value_counts()
    folded = {spelling: " ".join(spelling.split()).casefold() for spelling in counts.index}
    # In ascending order of frequency, so that the most frequent spelling of a value is the one that stays.
    shown = {folded[spelling]: spelling for spelling in sorted(counts.index, key=lambda s: (counts[s], s))}
    return text.map({spelling: shown[fold] for spelling, fold in folded.items()})


def grouped(frame, dimension, measure, aggregation, positive=None):
    """The measure by the levels of a column: a sum, a mean, or the share of rows that equal `positive`."""
    known = frame[[dimension, measure]].dropna()
    labels = one_spelling(frame[dimension]).loc[known.index]
    if aggregation == "rate":
        return one_spelling(frame[measure]).loc[known.index].eq(str(positive)).groupby(labels).mean()
    return known[measure].groupby(labels).agg(aggregation)


def over_time(frame, date, measure, aggregation, frequency, positive=None):
    """The measure per period, in time order; periods without rows are 0 for sums and missing otherwise."""
    known = frame[[date, measure]].dropna()
    values = known[measure]
    if aggregation == "rate":
        values = one_spelling(frame[measure]).loc[known.index].eq(str(positive))
    series = pd.Series(values.to_numpy(), index=pd.DatetimeIndex(pd.to_datetime(known[date]))).sort_index()
    return series.resample(frequency).agg("mean" if aggregation == "rate" else aggregation)
'''

_SETTINGS = """
MEASURE = {measure!r}
AGGREGATION = {aggregation!r}
POSITIVE = {positive!r}
"""

_DISTRIBUTION = """
figure, axes = plt.subplots(figsize=(8, 3.5))
data[MEASURE].dropna().plot.hist(bins=40, ax=axes, color="#4c78a8")
axes.set(title=f"{MEASURE}", xlabel=MEASURE)
plt.show()
"""

_FLAG = """
counts = one_spelling(data[MEASURE]).value_counts()
display(counts.to_frame("rows").assign(share=counts / counts.sum()))
"""

_BREAKDOWN = """
for dimension in {dimensions!r}:
    table = grouped(data, dimension, MEASURE, AGGREGATION, POSITIVE).sort_values(ascending=False)
    display(table.rename(f"{{AGGREGATION}} of {{MEASURE}}").to_frame().head(15))
    figure, axes = plt.subplots(figsize=(8, 0.4 * min(len(table), 15) + 1))
    table.head(15).iloc[::-1].plot.barh(ax=axes, color="#4c78a8")
    axes.set(title=f"{{MEASURE}} × {{dimension}}", xlabel=f"{{AGGREGATION}} of {{MEASURE}}", ylabel="")
    plt.show()
"""

_SERIES = """
DATE, FREQUENCY, SEASON, HORIZON = {date!r}, {frequency!r}, {season}, {horizon}

series = over_time(data, DATE, MEASURE, AGGREGATION, FREQUENCY, POSITIVE)
last_day = pd.to_datetime(data[DATE]).max().normalize()
following = pd.date_range(series.index[-1], periods=2, freq=FREQUENCY)[1]
last_covered = series.index[-1] if FREQUENCY.startswith("W") else following - pd.Timedelta(days=1)
complete = series if last_day >= last_covered else series.iloc[:-1]

figure, axes = plt.subplots(figsize=(9, 3.5))
series.plot(ax=axes, color="#4c78a8", marker="." if len(series) < 80 else None)
axes.set(title=f"{{MEASURE}} ({{FREQUENCY}})", xlabel="", ylabel=f"{{AGGREGATION}} of {{MEASURE}}")
plt.show()
series.tail(12).to_frame(f"{{AGGREGATION}} of {{MEASURE}}")
"""

_BASELINE = '''
def naive(history, steps, season):
    """Repeats the last season, or the last value when there is less than one season of history."""
    values = history.dropna().to_numpy(dtype=float)
    pattern = values[-season:] if len(values) >= season else values[-1:]
    return np.resize(pattern, steps)


clean = complete.dropna()
test_size = min(HORIZON, len(clean) // 3)
train, test = clean.iloc[: len(clean) - test_size], clean.iloc[len(clean) - test_size :]
errors = {
    name: float(np.abs(test.to_numpy(dtype=float) - naive(train, test_size, season)).mean()) if test_size else float("nan")
    for name, season in {"naive": 1, "seasonal naive": SEASON}.items()
}
best = min(errors, key=errors.get) if test_size else "naive"
best_season = SEASON if best == "seasonal naive" else 1
future = pd.date_range(clean.index[-1], periods=HORIZON + 1, freq=FREQUENCY)[1:]
baseline = pd.Series(naive(clean, HORIZON, best_season), index=future, name=best)
display(pd.Series(errors, name="mean absolute error on the last periods").to_frame())

figure, axes = plt.subplots(figsize=(9, 3.5))
clean.tail(6 * HORIZON).plot(ax=axes, color="#4c78a8", label=MEASURE)
baseline.plot(ax=axes, color="#e45756", linestyle="--", label=best)
axes.legend()
axes.set(title=f"{MEASURE}: {best}", xlabel="")
plt.show()
baseline.to_frame()
'''


def analysis_cells(outline: Outline, facts_rows: int, language: Language) -> list[Cell]:
    """Distribution, breakdowns and time; each part only when the data has what it needs."""
    if outline.measure is None or facts_rows == 0:
        return []
    cells = [
        markdown(say(language, en="## The figure: {m}", ko="## 핵심 지표: {m}", m=outline.measure)),
        code(_FUNCTIONS),
        code(
            _SETTINGS.format(
                measure=outline.measure, aggregation=outline.aggregation, positive=outline.positive
            )
        ),
        code(_FLAG if outline.aggregation == "rate" else _DISTRIBUTION),
    ]
    if outline.dimensions:
        cells += [
            markdown(say(language, en="## Breakdowns", ko="## 그룹별 비교")),
            code(_BREAKDOWN.format(dimensions=list(outline.dimensions))),
        ]
    if outline.date is not None:
        cells += _time_cells(outline, language)
    return cells


def _time_cells(outline: Outline, language: Language) -> list[Cell]:
    note = say(
        language,
        en="## Baseline forecast\n\nRepeats the last value or the last season, whichever missed less on the last periods."
        " An incomplete last period is left out. Any better model has to beat this.",
        ko="## 기준 예측\n\n마지막 값 또는 직전 계절을 반복하며, 최근 구간에서 오차가 더 작은 쪽을 사용합니다."
        " 끝나지 않은 마지막 기간은 제외합니다. 더 나은 모델이라면 이 기준을 넘어야 합니다.",
    )
    return [
        markdown(say(language, en="## Over time", ko="## 시간에 따른 변화")),
        code(
            _SERIES.format(
                date=outline.date, frequency=outline.frequency, season=outline.season, horizon=outline.horizon
            )
        ),
        markdown(note),
        code(_BASELINE),
    ]
