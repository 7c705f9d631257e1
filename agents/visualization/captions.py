"""What charts say about what they measure: `total revenue`, `지역별 매출 합계`."""

from .amounts import Measure
from .keys import Key
from .scene import Scene
from .wording import inline, label, level_name, sentence

_WORDS = {
    "sum": ("total {name}", "{name} 합계"),
    "mean": ("mean {name}", "{name} 평균"),
    "median": ("median {name}", "{name} 중앙값"),
    "min": ("minimum {name}", "{name} 최솟값"),
    "max": ("maximum {name}", "{name} 최댓값"),
    "count": ("rows with {name}", "{name} 행 수"),
    "distinct": ("different {name}", "{name} 종류 수"),
    "rate": ("share of {name}: {positive}", "{name} {positive} 비율"),
    "daily": ("{name} per day", "하루 평균 {name}"),
}
_PARTS = {
    "weekday": ("weekday", "요일"),
    "hour": ("hour of day", "시간대"),
    "month": ("month of the year", "월"),
    "quarter": ("quarter", "분기"),
    "year": ("year", "연도"),
    "day": ("day of the month", "일"),
}


def amount_text(scene: Scene, measure: Measure) -> str:
    """What is measured, as inside a sentence."""
    if measure.column is None:
        return sentence(scene.language, en="rows", ko="행 수")
    en, ko = _WORDS[measure.how]
    name = inline(measure.column, scene.language)
    return sentence(scene.language, en=en, ko=ko, name=name, positive=measure.positive)


def key_label(key: Key, scene: Scene) -> str:
    """What rows are grouped by, as people read it."""
    if key.part == "bands":
        return sentence(scene.language, en="{name} band", ko="{name} 구간", name=label(key.column))
    if key.part:
        return _PARTS[key.part][scene.language == "ko"]
    return label(key.column)


def by_text(scene: Scene, measure: Measure, *keys: Key) -> str:
    """What, by what: the subtitle."""
    what = amount_text(scene, measure)
    if scene.request.aggregation == "share":
        what = sentence(scene.language, en="share of {what}", ko="{what} 비중", what=what)
    if scene.language == "ko":
        return f"{'·'.join(key_label(key, scene) for key in keys)}별 {what}" if keys else what
    by = " and ".join(key_label(key, scene).lower() if key.part else key_label(key, scene) for key in keys)
    return capital(what) + (f" by {by}" if keys else "")


def group_name(scene: Scene, key: Key, name: str) -> str:
    """A group inside a sentence: weekdays in full, plain answers with what they answer."""
    if key.part == "weekday":
        return f"{name}요일" if scene.language == "ko" else name
    return level_name(key.column, name) if not key.part else name


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
