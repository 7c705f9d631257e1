"""Groups in order of a measure or of their own meaning, and what a chart of them says: title, alt text, table, warning."""

from dataclasses import dataclass, replace

from mesh.tabular.plain import plain

from .amounts import Amount, Measure, amounts
from .captions import amount_text, capital, group_name, key_label
from .keys import Key, key_order, key_sql, key_texts
from .scene import Scene
from .spec import Grid
from .sql import listed
from .wording import inline, sentence

MAX_BARS = 12
MAX_ORDERED = 31
MAX_YEARS = 200
SMALLEST = 0.01
GIANT = 3.0


@dataclass(frozen=True)
class Ranked:
    """Groups with value and row count, in the order to draw; `raw` are their keys as the data has them.

    `other` counts the groups that the last one stands for, `hidden` those left out because only the top was asked for.
    `ordered` says that they stand in an order of their own; `total` is that of all groups where they add up.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    counts: tuple[int, ...]
    raw: tuple[object, ...]
    total: float | None = None
    other: int = 0
    hidden: int = 0
    ordered: bool = False


def rank_levels(
    scene: Scene, key: Key, measure: Measure, *, limit: int = MAX_BARS, smallest: float = 0.0
) -> Ranked | None:
    """The measure by the groups of `key`; None when nothing is known.

    Groups with an order of their own keep it, unless the request sorts. Others come largest first, and beyond `limit` (or
    below the share `smallest` of a total, where there are two such) become one called other.
    """
    sql = key_sql(key, scene.table)
    found = amounts(scene.table, measure, [sql])
    if not found:
        return None
    total = plain(sum(row.value for row in found)) if measure.adds_up else None
    request = scene.request
    largest = sorted(found, key=lambda row: (-row.value, str(row.keys[0])))
    if request.top or request.bottom:
        kept = largest[: request.top] if request.top else largest[-(request.bottom or 1) :]
        return _ranked(scene, key, _sorted(kept, scene), total, hidden=len(found) - len(kept))
    natural = key_order(key, [row.keys[0] for row in found])
    most = MAX_YEARS if key.part == "year" else MAX_ORDERED
    if natural is not None and request.sort is None and len(found) <= most:
        place = {value: index for index, value in enumerate(natural)}
        ordered = sorted(found, key=lambda row: place[row.keys[0]])
        return _ranked(scene, key, ordered, total, ordered=True)
    shown, rest = _split(largest, total, limit, smallest)
    if not rest:
        return _ranked(scene, key, _sorted(shown, scene), total)
    inside = listed(row.keys[0] for row in rest)
    (other,) = amounts(scene.table, measure, [], f"{sql} IN {inside}")
    whole = _ranked(scene, key, [*_sorted(shown, scene)], total)
    return Ranked(
        names=(*whole.names, scene.other),
        values=(*whole.values, other.value),
        counts=(*whole.counts, other.n),
        raw=(*whole.raw, scene.other),
        total=total,
        other=len(rest),
    )


def _sorted(rows: list[Amount], scene: Scene) -> list[Amount]:
    """Largest first, unless the request says otherwise."""
    if scene.request.sort == "name":
        return sorted(rows, key=lambda row: str(row.keys[0]))
    backward = scene.request.sort == "ascending" or bool(scene.request.bottom and scene.request.sort is None)
    return rows[::-1] if backward else rows


def _ranked(
    scene: Scene, key: Key, rows: list[Amount], total: float | None, *, hidden: int = 0, ordered: bool = False
) -> Ranked:
    return Ranked(
        names=tuple(key_texts(key, [row.keys[0] for row in rows], scene.table, scene.language)),
        values=tuple(row.value for row in rows),
        counts=tuple(row.n for row in rows),
        raw=tuple(row.keys[0] for row in rows),
        total=total,
        hidden=hidden,
        ordered=ordered,
    )


def _split(
    rows: list[Amount], total: float | None, limit: int, smallest: float
) -> tuple[list[Amount], list[Amount]]:
    parts = smallest > 0 and total is not None and all(row.value >= 0 for row in rows)
    large = [row for row in rows if row.value >= smallest * (total or 0.0)] if parts else rows
    keep = len(large) if len(rows) - len(large) > 1 else len(rows)
    if keep > limit or (keep == limit and keep < len(rows)):
        keep = limit - 1
    return rows[:keep], rows[keep:]


def without_giant(ranked: Ranked) -> Ranked:
    """The ranking without its last group where that stands for so many others that it would dwarf those named."""
    if not ranked.other or abs(ranked.values[-1]) <= GIANT * max(map(abs, ranked.values[:-1])):
        return ranked
    return replace(
        ranked,
        names=ranked.names[:-1],
        values=ranked.values[:-1],
        counts=ranked.counts[:-1],
        raw=ranked.raw[:-1],
        other=0,
        hidden=ranked.other,
    )


def ranking_title(scene: Scene, key: Key, measure: Measure, ranked: Ranked) -> tuple[str, dict[str, object]]:
    """What a ranking says, and the numbers it says it with."""
    real = [i for i, raw in enumerate(ranked.raw) if not (ranked.other and i == len(ranked.raw) - 1)] or [0]
    down = scene.request.bottom is not None
    best = (min if down else max)(real, key=lambda i: (ranked.values[i], -i if not down else i))
    value = ranked.values[best]
    evidence: dict[str, object] = {"top": group_name(scene, key, ranked.names[best]), "value": value}
    what = amount_text(scene, measure)
    if ranked.total and ranked.total > 0 and min(ranked.values) >= 0 and not ranked.ordered and not down:
        evidence["share"] = plain(value / ranked.total)
        en, ko = "{top} makes up {share:.1%} of {what}", "{what}의 {share:.1%}가 {top}"
    elif min(ranked.values) == max(ranked.values) and len(real) > 1:
        evidence = {"value": value}
        number = "{value:.1%}" if measure.how == "rate" else "{value}"
        en, ko = (
            f"Every {{key}} has the same {{what}}: {number}",
            f"모든 {{key}}의 {{what}}(이/가) {number}(으로/로) 같음",
        )
        return sentence(
            scene.language,
            en=en,
            ko=ko,
            what=what,
            key=key_label(key, scene).lower() if scene.language == "en" else key_label(key, scene),
            **evidence,
        ), evidence
    elif measure.how == "rate":
        overall = amounts(scene.table, measure, [])[0].value
        evidence |= {"overall": overall, "positive": measure.positive}
        what = inline(measure.column or "", "en") if scene.language == "en" else f"{measure.column}"
        en = "{what} is {value:.1%} for {top}, against {overall:.1%} overall"
        ko = "{what} 비율, {top}에서 {value:.1%}(전체 {overall:.1%})"
        what = capital(what)
    elif down:
        en, ko = "{top} has the lowest {what}: {value}", "{what}, {top}(이/가) {value}(으로/로) 가장 낮음"
    else:
        en, ko = "{top} has the highest {what}: {value}", "{what}, {top}(이/가) {value}(으로/로) 가장 높음"
    if measure.column is None and scene.language == "en" and "share" not in evidence:
        en = en.replace("the highest {what}", "the most rows").replace("the lowest {what}", "the fewest rows")
    return sentence(scene.language, en=en, ko=ko, what=what, **evidence), evidence


def ranking_alt(scene: Scene, title: str, ranked: Ranked) -> str:
    """What a person who cannot see the bars is told."""
    return sentence(
        scene.language,
        en="{title}. {count} values from {first} ({highest}) to {last} ({lowest}).",
        ko="{title}. 값 {count}개가 {first}({highest})부터 {last}({lowest})까지 이어집니다.",
        title=title,
        count=len(ranked.names),
        highest=ranked.values[0],
        first=ranked.names[0],
        lowest=ranked.values[-1],
        last=ranked.names[-1],
    )


def ranked_evidence(ranked: Ranked) -> dict[str, object]:
    """What alt text and warning state."""
    return {
        "highest": ranked.values[0],
        "lowest": ranked.values[-1],
        "count": len(ranked.names),
        "other": ranked.other,
        "hidden": ranked.hidden,
    }


def ranked_grid(scene: Scene, key: Key, measure: Measure, ranked: Ranked) -> Grid:
    """The table behind a ranking."""
    rows = tuple(zip(ranked.names, ranked.values, ranked.counts, strict=True))
    return Grid((key.name, amount_text(scene, measure), "n"), rows[:200])


def left_out(scene: Scene, ranked: Ranked) -> str:
    """How many groups the last one stands for, or how many are not shown; empty when none."""
    if ranked.hidden:
        return sentence(
            scene.language,
            en="{hidden} more categories are not shown.",
            ko="나머지 {hidden}개 항목은 표시하지 않았습니다.",
            hidden=ranked.hidden,
        )
    if not ranked.other:
        return ""
    return sentence(
        scene.language,
        en="{count} smaller categories are drawn together as {other}.",
        ko="작은 항목 {count}개는 {other}(으로/로) 묶었습니다.",
        count=ranked.other,
        other=scene.other,
    )
