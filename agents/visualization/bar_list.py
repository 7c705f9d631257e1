"""Named values as a list of horizontal bars."""

from typing import Any

from .palette import BLUE
from .spec import Axis, Bars, Chart, Grid


def bar_list(
    *,
    kind: str,
    title: str,
    subtitle: str,
    names: tuple[str, ...],
    values: tuple[float, ...],
    colors: tuple[str, ...],
    column: str,
    evidence: dict[str, Any],
    percent: bool = False,
) -> Chart:
    """Bars from zero in the order given; repeated names get a number."""
    unique = tuple(
        f"{name} ({i})" if name in names[: i - 1] else name for i, name in enumerate(names, start=1)
    )
    return Chart(
        kind=kind,
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {subtitle}.",
        x=Axis(zero=True, percent=percent),
        y=Axis(kind="category", order=unique),
        marks=(Bars(column, unique, values, BLUE, colors=colors, labelled=True),),
        grid=Grid(("", column), tuple(zip(unique, values, strict=True))),
        horizontal=True,
        evidence=evidence,
    )
