"""Places by longitude and latitude on a plain projection, without a background map."""

import math

import numpy as np
import pandas as pd

from .captions import key_label
from .color_groups import color_groups, color_sql, with_names
from .keys import key_of
from .palette import BLUE
from .relation_charts import MAX_POINTS
from .scene import Built, Scene
from .spec import Axis, Chart, Grid, Mark, Points
from .sql import quoted
from .table import sampled
from .wording import label, sentence

MAX_GRID_ROWS = 200
SMALL, LARGE = 4.0, 22.0


def place_map(scene: Scene) -> Built:
    """A dot per place, larger for more of the measure; None without latitude and longitude."""
    place = scene.whole.place
    if place is None:
        return None
    lat, lon = (quoted(name) for name in place)
    inside = f"{lat} BETWEEN -90 AND 90 AND {lon} BETWEEN -180 AND 180"
    column = scene.column if scene.column in scene.whole.numeric else None
    size = f", {quoted(column)} AS s" if column else ""
    name = _name_column(scene)
    text = f", CAST({quoted(name)} AS VARCHAR) AS t" if name else ""
    total = int(scene.table.fetch("count(*)", where=inside)[0][0])
    every = max(1, total // MAX_POINTS)
    hashed = f" AND {sampled(every)}" if every > 1 else ""
    frame = scene.table.frame(
        f"{lon} AS x, {lat} AS y{size}{color_sql(scene)}{text}",
        f"ORDER BY ALL LIMIT {MAX_POINTS}",
        inside + hashed,
    )
    if frame.empty:
        return None
    frame = with_names(scene, frame)
    outside = (
        int(scene.table.fetch(f"count(*) FILTER ({lat} IS NOT NULL AND {lon} IS NOT NULL)")[0][0]) - total
    )
    evidence: dict[str, object] = {"n": total, "shown": len(frame), "outside": outside}
    title, evidence = _title(scene, frame, column, evidence)
    return Chart(
        kind="map",
        title=title,
        subtitle=_subtitle(scene, column),
        alt=sentence(
            scene.language, en="Map of places. {title}.", ko="위치 지도입니다. {title}.", title=title
        ),
        x=Axis(sentence(scene.language, en="Longitude", ko="경도")),
        y=Axis(sentence(scene.language, en="Latitude", ko="위도")),
        marks=tuple(_marks(scene, frame)),
        grid=_places(scene, frame, [place[1], place[0], column, scene.request.color, name]),
        legend=bool(scene.request.color),
        square=True,
        evidence=evidence,
        warning=_warning(scene, evidence),
    )


def _places(scene: Scene, frame: pd.DataFrame, names: list[str | None]) -> Grid:
    """The places drawn, the first `MAX_GRID_ROWS` of them."""
    rows = tuple(tuple(row) for row in frame.head(MAX_GRID_ROWS).astype(object).to_numpy().tolist())
    note = sentence(scene.language, en="The first places drawn.", ko="그려진 위치의 일부입니다.")
    return Grid(tuple(name for name in names if name), rows, note if len(frame) > MAX_GRID_ROWS else "")


def _name_column(scene: Scene) -> str | None:
    return next(
        (
            n
            for n in (*scene.whole.texts, *scene.whole.categories)
            if n.lower() in {"name", "이름", "title", "명칭"}
        ),
        None,
    )


def _title(
    scene: Scene, frame: pd.DataFrame, column: str | None, evidence: dict[str, object]
) -> tuple[str, dict[str, object]]:
    if column and "t" in frame and frame["s"].notna().any():
        best = frame.iloc[int(np.nanargmax(frame["s"].to_numpy(float)))]
        evidence |= {"place": str(best["t"]), "value": float(best["s"])}
        en, ko = "{place} has the most {what}: {value}", "{what}, {place}(이/가) {value}(으로/로) 가장 큼"
        return sentence(scene.language, en=en, ko=ko, what=label(column), **evidence), evidence
    return sentence(
        scene.language, en="{n:,} places on the map", ko="지도에 표시한 위치 {n:,}곳", **evidence
    ), evidence


def _subtitle(scene: Scene, column: str | None) -> str:
    parts = [
        sentence(
            scene.language, en="Longitude and latitude, no background map", ko="경도·위도, 배경 지도 없음"
        )
    ]
    if column:
        parts.append(
            sentence(scene.language, en="area of a dot: {what}", ko="점 넓이: {what}", what=label(column))
        )
    if scene.request.color:
        what = key_label(key_of(scene.request.color, scene.whole), scene)
        parts.append(sentence(scene.language, en="colour: {what}", ko="색: {what}", what=what))
    return " · ".join(parts)


def _marks(scene: Scene, frame: pd.DataFrame) -> list[Mark]:
    largest = float(frame["s"].abs().max()) if "s" in frame else 0.0
    if "c" not in frame:
        return [_points(sentence(scene.language, en="Places", ko="위치"), frame, BLUE, largest)]
    return [_points(name, part, color, largest) for name, part, color in color_groups(scene, frame)]


def _points(name: str, part: pd.DataFrame, color: str, largest: float) -> Points:
    sizes: tuple[float, ...] = ()
    if "s" in part and largest > 0:
        shares = part["s"].abs().fillna(0) / largest
        sizes = tuple(round(max(SMALL, LARGE * math.sqrt(share)), 1) for share in shares)
    texts = tuple(part["t"].fillna("").tolist()) if "t" in part else ()
    return Points(name, tuple(part["x"].tolist()), tuple(part["y"].tolist()), color, 6.0, 0.65, sizes, texts)


def _warning(scene: Scene, evidence: dict[str, object]) -> str:
    parts = []
    if evidence["shown"] != evidence["n"]:
        parts.append(
            sentence(
                scene.language,
                en="{shown:,} of {n:,} places are drawn.",
                ko="위치 {n:,}곳 중 {shown:,}곳을 그렸습니다.",
                **evidence,
            )
        )
    if evidence["outside"]:
        parts.append(
            sentence(
                scene.language,
                en="{outside:,} rows have no place on earth (latitude beyond 90 or longitude beyond 180).",
                ko="{outside:,}행은 위도·경도가 범위를 벗어나 제외했습니다.",
                **evidence,
            )
        )
    return " ".join(parts)
