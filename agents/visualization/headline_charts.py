"""One number in large type, with how it came about."""

from mesh.tabular.plain import plain

from .amounts import amounts
from .captions import amount_text, capital
from .palette import BLUE
from .period_amounts import by_period
from .period_text import GRAINS
from .scene import Built, Scene
from .spec import Axis, Chart, Grid, Headline
from .wording import Figure, compact, sentence

MIN_HISTORY = 3


def headline(scene: Scene) -> Built:
    """The measure over all rows; with dates, its last whole period against the one before as a note."""
    measure = scene.measure
    found = amounts(scene.table, measure, [])
    if not found:
        return None
    value = found[0].value
    what = capital(amount_text(scene, measure))
    text = f"{value:.1%}" if measure.how == "rate" else compact(value, scene.language)
    note, evidence, history = _history(scene)
    shown = f"{value:.1%}" if measure.how == "rate" else f"{Figure(value)}"
    title = f"{what}: {shown}"
    return Chart(
        kind="kpi",
        title=title,
        subtitle=note or sentence(scene.language, en="over {n:,} rows", ko="{n:,}행 전체", n=found[0].n),
        alt=title + ".",
        x=Axis(hidden=True),
        y=Axis(hidden=True),
        marks=(Headline(text, what, history, BLUE),),
        grid=Grid((amount_text(scene, measure), "n"), ((value, found[0].n),)),
        evidence=evidence | {"value": value, "n": found[0].n},
    )


def _history(scene: Scene) -> tuple[str, dict[str, object], tuple[float, ...]]:
    date = scene.request.date or scene.focus.date
    if date is None:
        return "", {}, ()
    timed = scene.asking(scene.request.but(date=date))
    grain = timed.grain
    if grain is None:
        return "", {}, ()
    periods = by_period(timed, timed.measure, grain)
    known = [(n, v) for n, v in zip(periods.labels, periods.values, strict=True) if v is not None]
    if len(known) < MIN_HISTORY or not known[-2][1]:
        return "", {}, ()
    change = (known[-1][1] - known[-2][1]) / abs(known[-2][1])
    evidence: dict[str, object] = {
        "last": known[-1][0],
        "before": known[-2][0],
        "change": plain(abs(change)),
        "latest": known[-1][1],
    }
    note = sentence(
        scene.language,
        en="{last}: {latest}, " + ("up" if change >= 0 else "down") + " {change:.1%} on the {grain} before",
        ko="{last} {latest}, 직전({before}) 대비 {change:.1%} " + ("증가" if change >= 0 else "감소"),
        grain=GRAINS["en"][grain],
        **evidence,
    )
    return note, evidence, tuple(value for _, value in known[-60:])
