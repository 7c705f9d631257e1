"""Daily values on a calendar, and price candles."""

from datetime import date, timedelta

from .captions import amount_text, capital
from .keys import MONTHS, WEEKDAYS, WEEKDAYS_KO, period_sql
from .palette import BLUE, VERMILION
from .period_amounts import by_period, iso
from .period_text import GRAINS, period_alt, period_evidence, period_grid, period_subtitle
from .scene import Built, Scene
from .spec import Axis, Candles, Cells, Chart, Grid
from .sql import quoted
from .wording import sentence

MAX_WEEKS = 106
MAX_CANDLES = 160


def calendar(scene: Scene) -> Built:
    """One cell per day, weeks across and weekdays down, over the last two years at most."""
    if scene.request.date is None:
        return None
    measure = scene.measure
    periods = by_period(scene, measure, "D")
    known = [
        (date.fromisoformat(start), v)
        for start, v in zip(periods.starts, periods.values, strict=True)
        if v is not None
    ]
    if len(known) < 2:
        return None
    last = known[-1][0]
    monday = max(known[0][0], last - timedelta(weeks=MAX_WEEKS - 1))
    monday -= timedelta(days=monday.weekday())
    weeks = (last - monday).days // 7 + 1
    values = dict(known)
    z = tuple(tuple(values.get(monday + timedelta(days=7 * w + d)) for w in range(weeks)) for d in range(7))
    names = WEEKDAYS_KO if scene.language == "ko" else WEEKDAYS
    top, value = max(
        ((day, v) for day, v in known if day >= monday), key=lambda pair: (pair[1], -pair[0].toordinal())
    )
    evidence = {"day": top.isoformat(), "value": value}
    title = sentence(
        scene.language,
        en="{what} is highest on {day}: {value}",
        ko="{what}, {day}에 {value}(으로/로) 최고",
        what=capital(amount_text(scene, measure)),
        **evidence,
    )
    columns = tuple(_week_text(monday + timedelta(days=7 * w), scene) for w in range(weeks))
    hidden = sum(day < monday for day, _ in known)
    return Chart(
        kind="calendar",
        title=title,
        subtitle=period_subtitle(scene, [measure], "D", periods),
        alt=period_alt(scene, title, periods),
        x=Axis(kind="category", order=columns),
        y=Axis(kind="category", order=names),
        marks=(Cells(columns, names, z, diverging=False, labelled=False),),
        grid=period_grid(scene, [measure.column or amount_text(scene, measure)], periods, [periods.values]),
        evidence=evidence | period_evidence(periods) | {"hidden": hidden},
        warning=sentence(
            scene.language,
            en="{hidden} earlier days are not shown.",
            ko="이전 {hidden}일은 표시하지 않았습니다.",
            hidden=hidden,
        )
        if hidden
        else "",
    )


def _week_text(monday: date, scene: Scene) -> str:
    return (
        f"{monday.year}-{monday.month:02d}-{monday.day:02d}"
        if scene.language == "ko"
        else f"{monday.day} {MONTHS[monday.month - 1]} {monday.year}"
    )


def candlestick(scene: Scene) -> Built:
    """Opening, highest, lowest and closing price per period, where the request names the four columns in that order."""
    names = scene.request.measures
    grain, day = scene.grain, scene.request.date
    if grain is None or day is None or len(names) != 4:
        return None
    opened, high, low, closed = (quoted(name) for name in names)
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in (*names, day))
    rows = scene.table.fetch(
        f"{period_sql(day, grain)}, arg_min({opened}, {quoted(day)}), max({high}), min({low}), arg_max({closed}, {quoted(day)})",
        "GROUP BY 1 ORDER BY 1",
        known,
    )
    if len(rows) < 2:
        return None
    hidden = max(0, len(rows) - MAX_CANDLES)
    rows = rows[-MAX_CANDLES:]
    starts = tuple(iso(row[0], grain) for row in rows)
    first, highest, lowest, last = (tuple(float(row[i]) for row in rows) for i in range(1, 5))
    columns = (first, highest, lowest, last)
    change = (last[-1] - first[0]) / first[0] if first[0] else 0.0
    evidence = {
        "change": abs(change),
        "first": starts[0],
        "last": starts[-1],
        "close": last[-1],
        "hidden": hidden,
    }
    title = sentence(
        scene.language,
        en="Price " + ("rose" if change >= 0 else "fell") + " {change:.1%} to {close}",
        ko="가격, {change:.1%} " + ("상승해" if change >= 0 else "하락해") + " {close}",
        **evidence,
    )
    grain_text = GRAINS[scene.language][grain]
    return Chart(
        kind="candlestick",
        title=title,
        subtitle=sentence(
            scene.language,
            en="Prices by {grain}, {first} to {last} · blue up, orange-red down",
            ko="{grain} 가격, {first} ~ {last} · 파랑은 상승, 주홍은 하락",
            grain=grain_text,
            **evidence,
        ),
        alt=sentence(
            scene.language,
            en="Candlestick chart. {title}, from {first} to {last}.",
            ko="캔들 차트입니다. {title}, {first}부터 {last}까지입니다.",
            title=title,
            **evidence,
        ),
        x=Axis(kind="time"),
        y=Axis(log=scene.request.log),
        marks=(Candles(starts, first, highest, lowest, last, BLUE, VERMILION),),
        grid=Grid((day, *names), tuple(zip(starts, *columns, strict=True))[-200:]),
        evidence=evidence,
        warning=_gap_warning(scene, hidden),
    )


def _gap_warning(scene: Scene, hidden: int) -> str:
    if not hidden:
        return ""
    return sentence(
        scene.language,
        en="{hidden} earlier periods are not shown.",
        ko="이전 {hidden}개 구간은 표시하지 않았습니다.",
        hidden=hidden,
    )
