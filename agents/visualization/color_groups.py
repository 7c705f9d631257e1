"""Which group each dot of a scatter or a map belongs to, and the colours of the groups."""

from typing import Any

import pandas as pd

from .keys import key_of, key_order, key_sql, key_texts
from .palette import REST, series_color
from .scene import Scene

MAX_COLORS = 5


def color_sql(scene: Scene) -> str:
    """The group of a row as the column `c` of a query, after a comma; empty where the request has no colours."""
    if scene.request.color is None:
        return ""
    return f", {key_sql(key_of(scene.request.color, scene.whole), scene.table)} AS c"


def with_names(scene: Scene, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the groups in `c`, where it has them, as people read them and in their order."""
    if scene.request.color is None:
        return frame
    key = key_of(scene.request.color, scene.whole)
    found: list[Any] = frame["c"].dropna().unique().tolist()
    order = key_order(key, found) or sorted(found, key=str)
    texts = key_texts(key, order, scene.table, scene.language)
    names = frame["c"].map(dict(zip(order, texts, strict=True)))
    return frame.assign(c=pd.Categorical(names, categories=texts, ordered=True))


def color_groups(scene: Scene, frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame, str]]:
    """Name, rows and colour of the largest groups of `c` in their order; before them all others as one."""
    counts = frame["c"].value_counts()
    largest = [str(name) for name in counts.index[counts > 0]]
    kept = largest if len(largest) <= MAX_COLORS + 1 else largest[:MAX_COLORS]
    rest = frame[~frame["c"].isin(kept)]
    ordered = [str(name) for name in frame["c"].cat.categories if name in kept]
    others = [(scene.other, rest, REST)] if len(rest) else []
    return others + [(n, frame[frame["c"] == n], series_color(i)) for i, n in enumerate(ordered)]
