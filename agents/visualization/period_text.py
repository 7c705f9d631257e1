"""What every chart over periods says besides its lines: subtitle, alt text, warning, table."""

from collections.abc import Sequence

from mesh.language import Language

from .amounts import Measure
from .captions import amount_text, capital, key_label
from .keys import Key
from .period_amounts import Periods
from .scene import Scene
from .spec import Grid
from .wording import sentence

MAX_GRID_ROWS = 200

GRAINS: dict[Language, dict[str, str]] = {
    "en": {"h": "hour", "D": "day", "W": "week", "MS": "month", "QS": "quarter", "YS": "year"},
    "ko": {"h": "시간별", "D": "일별", "W": "주별", "MS": "월별", "QS": "분기별", "YS": "연도별"},
}


def from_zero(values: Sequence[float | None]) -> bool:
    """Whether a line may as well start at zero: its lowest value is below 40 % of its highest."""
    known = [value for value in values if value is not None]
    return bool(known) and bool(min(known) < 0.4 * max(known))


def period_subtitle(
    scene: Scene, measures: Sequence[Measure], grain: str, periods: Periods, key: Key | None = None
) -> str:
    """What is shown per which period, and over which span."""
    share = scene.request.aggregation == "share"
    word = GRAINS[scene.language][grain]
    span = (periods.labels[0], periods.labels[-1])
    if scene.language == "ko":
        what = ", ".join(amount_text(scene, measure) for measure in measures) + (" 비중" if share else "")
        by = f"{key_label(key, scene)}별 " if key else ""
        return f"{by}{word} {what}, {span[0]} ~ {span[1]}"
    what = " and ".join(amount_text(scene, measure) for measure in measures)
    what = f"share of {what}" if share else what
    by = f" and {key_label(key, scene).lower()}" if key else ""
    return f"{capital(what)} by {word}{by}, {span[0]} to {span[1]}"


def period_alt(scene: Scene, title: str, periods: Periods) -> str:
    """What a person who cannot see the line is told."""
    return sentence(
        scene.language,
        en="{title}. The chart runs from {start} to {end}.",
        ko="{title}. {start}부터 {end}까지를 보여 줍니다.",
        title=title,
        start=periods.labels[0],
        end=periods.labels[-1],
    )


def partial_warning(scene: Scene, periods: Periods) -> str:
    """Which periods were left out because the data cover them only in part."""
    if not periods.partial:
        return ""
    return sentence(
        scene.language,
        en="Left out because the data cover only a part of it: {partial}.",
        ko="데이터가 일부만 있어 제외한 기간: {partial}.",
        partial=", ".join(periods.partial),
    )


def period_grid(
    scene: Scene, names: Sequence[str], periods: Periods, columns: Sequence[tuple[float | None, ...]]
) -> Grid:
    """The table behind the lines: one row per period, the last 200."""
    rows = tuple(zip(periods.labels, *columns, strict=True))
    note = ""
    if len(rows) > MAX_GRID_ROWS:
        note = sentence(
            scene.language, en="The last {n} periods.", ko="마지막 {n}개 구간입니다.", n=MAX_GRID_ROWS
        )
    return Grid((scene.request.date or "", *names), rows[-MAX_GRID_ROWS:], note)


def period_evidence(periods: Periods) -> dict[str, object]:
    """What subtitle, alt text and warning state: the first and last period shown, those left out."""
    return {"first": periods.labels[0], "last": periods.labels[-1], "partial": list(periods.partial)}
