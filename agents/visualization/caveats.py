"""What a reader must be told about a request that was not drawn to the letter, or that misleads when it is."""

from mesh.language import say

from .form_rules import MAX_SLICES, FormRule
from .request import Request
from .scene import Scene
from .wording import label


def caveats(scene: Scene, rule: FormRule | None, asked: Request) -> list[str]:
    """Sentences in the language of the question; none when the chart is what was `asked` for."""
    return [
        note
        for note in (
            _form(scene, rule),
            _sum(scene),
            _several(scene),
            unknown_note(scene),
            _measure(scene, asked),
            _counted(scene),
            *_doubts(scene),
            _dual(scene),
        )
        if note
    ]


def _form(scene: Scene, rule: FormRule | None) -> str:
    if rule is None or not rule.misleads:
        return ""
    return rule.ko if scene.language == "ko" else rule.en


def _sum(scene: Scene) -> str:
    column = scene.column
    asked = scene.request.aggregation == "sum"
    if not asked or column not in scene.whole.numeric or column is None or scene.whole.additive(column):
        return ""
    return say(
        scene.language,
        en="A sum of {name} means nothing, so the mean is drawn.",
        ko="{name}(은/는) 더해도 의미가 없어 평균으로 그렸습니다.",
        name=label(column),
    )


def _several(scene: Scene) -> str:
    """Bars and the like show one measure; others that were named are said to be missing."""
    request = scene.request
    several = {"scatter", "correlation", "candlestick", "map"}
    timed = (
        request.date is not None
        and not request.dimensions
        and request.form in {"line", "area", "bar", "stacked", "grouped"}
    )
    others = request.measures[1:]
    if not others or request.form in several or timed:
        return ""
    return say(
        scene.language,
        en="One measure fits this form; not drawn: {names}.",
        ko="이 그래프에는 값 하나만 담을 수 있어 그리지 않은 열: {names}.",
        names=", ".join(others),
    )


def unknown_note(scene: Scene) -> str:
    """Which words of the question name no column, and what the columns are; empty when all do."""
    if not scene.request.unknown:
        return ""
    return say(
        scene.language,
        en="There is no column for {words}. The columns are: {names}.",
        ko="{words}에 해당하는 열이 없습니다. 있는 열: {names}.",
        words=", ".join(scene.request.unknown),
        names=", ".join(column.name for column in scene.whole.columns),
    )


def _measure(scene: Scene, asked: Request) -> str:
    """Which of several columns of numbers was taken where the question names none."""
    column = scene.column
    if asked.measures or column is None or not asked.exact or len(scene.whole.numeric) < 2:
        return ""
    return say(
        scene.language,
        en="The question names no column of numbers, so {name} is drawn.",
        ko="질문에 숫자 열의 이름이 없어 {name}(을/를) 그렸습니다.",
        name=label(column),
    )


def _counted(scene: Scene) -> str:
    """From which day words such as `지난달` count."""
    day = scene.request.date or next(iter(scene.whole.dates), None)
    if not scene.request.counted or day is None:
        return ""
    last = str(scene.whole.latest(day))
    return say(
        scene.language,
        en="“{words}” counts from the end of the data, {last}.",
        ko="‘{words}’(은/는) 데이터의 끝인 {last}(을/를) 기준으로 셉니다.",
        words=", ".join(scene.request.counted),
        last=last[:4] if day in scene.whole.years else last,
    )


def _doubts(scene: Scene) -> list[str]:
    notes = []
    if "3d" in scene.request.doubts:
        notes.append(
            say(
                scene.language,
                en="A third dimension distorts sizes, so the chart is flat.",
                ko="입체 그래프는 크기를 왜곡하므로 평면으로 그렸습니다.",
            )
        )
    if "truncated" in scene.request.doubts:
        notes.append(
            say(
                scene.language,
                en="Bars and areas start at zero, because a cut axis would exaggerate differences.",
                ko="축을 자르면 차이가 과장되므로 막대와 면적은 0에서 시작합니다.",
            )
        )
    levels = scene.request.dimensions[:1]
    grouped = levels and levels[0] in scene.whole.levels_known
    if scene.request.form == "pie" and grouped and len(scene.whole.levels(levels[0])) > MAX_SLICES:
        notes.append(
            say(
                scene.language,
                en="A pie of so many slices could not be read.",
                ko="이렇게 조각이 많은 원그래프는 읽을 수 없습니다.",
            )
        )
    return notes


def _dual(scene: Scene) -> str:
    if not scene.request.dual or (len(scene.request.measures) == 2 and scene.request.date):
        return ""
    return say(
        scene.language,
        en="Two axes need two measures over time; one axis is drawn.",
        ko="이중 축은 시간에 따른 두 값이 있어야 하므로 축 하나로 그렸습니다.",
    )
