"""Why something changed, in sentences: the change itself, the calendar, price and volume, and who contributed."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding, Kpi, Table

from .contribution import MIN_SHIFT
from .wording import compact, sentence, tell

UNCHANGED = 0.0005
MIN_DAYS = 0.02
"""A difference in the number of days below this share is not worth a sentence."""
MIN_UNEVEN = 0.1
MIN_MIX = 0.2
MAX_DIMENSIONS = 2


def tell_change(change: dict[str, Any], asked: int, language: Language) -> list[Finding]:
    """The change and its parts, the strongest explanation first; `asked` is the direction that the question took for granted."""
    return [
        _headline(change, asked, language),
        *_calendar(change, language),
        *_price_volume(change, language),
        *_rows(change, language),
        *_dimensions(change, language),
        *_inside(change, language),
    ]


def name_of(change: dict[str, Any]) -> str:
    """What changed: the column, of a category with the value whose share it is."""
    return f"{change['measure']} = {change['positive']}" if change["positive"] else str(change["measure"])


def _headline(change: dict[str, Any], asked: int, language: Language) -> Finding:
    rate = ":.1%" if change["positive"] else ""
    size = change["change_ratio"]
    same = change["change"] == 0 or (size is not None and abs(size) < UNCHANGED)
    up = change["change"] > 0
    against = not same and asked != 0 and (asked > 0) != up
    values: dict[str, Any] = {
        "name": name_of(change),
        "first": change["from"],
        "last": change["to"],
        "before": change["before"],
        "after": change["after"],
    }
    mean = change["aggregation"] == "mean" and not change["positive"]
    of_en, of_ko = ("The mean of {name}", "{name} 평균은") if mean else ("{name}", "{name}(은/는)")
    before, after = "{before" + rate + "}", "{after" + rate + "}"
    if same:
        return tell(
            language,
            en=of_en + " did not change from {first} (" + before + ") to {last} (" + after + ").",
            ko=of_ko + " {first}(" + before + ")과 {last}(" + after + ") 사이에 변화가 없습니다.",
            importance=1.0,
            kind="change",
            **values,
        )
    by = ""
    if size is not None and not change["positive"]:
        by, values["change"] = "{change:.1%}", abs(size)
    elif change["positive"]:
        by, values["change"] = (
            "{change:.1f}%p" if language == "ko" else "{change:.1f} percentage points",
            100 * abs(change["change"]),
        )
    word = ("rose", "늘었습니다", "higher", "높습니다") if up else ("fell", "줄었습니다", "lower", "낮습니다")
    turn = ("Other than the question says, ", "질문과 달리 ") if against else ("", "")
    part = " " + by if by else ""
    if change["between"]:
        return tell(
            language,
            en=of_en
            + " is"
            + part
            + f" {word[2]} for {{last}} ("
            + after
            + ") than for {first} ("
            + before
            + ").",
            ko=of_ko + " {last}(" + after + ")이 {first}(" + before + ")보다" + part + f" {word[3]}.",
            importance=1.0,
            kind="change",
            **values,
        )
    return tell(
        language,
        en=turn[0]
        + of_en
        + f" {word[0]}"
        + (f" by{part}" if by else "")
        + " from {first} ("
        + before
        + ") to {last} ("
        + after
        + ").",
        ko=turn[1]
        + of_ko
        + " {first} "
        + before
        + "에서 {last} "
        + after
        + "(으로/로)"
        + part
        + f" {word[1]}.",
        importance=1.0,
        kind="change",
        **values,
    )


def _calendar(change: dict[str, Any], language: Language) -> list[Finding]:
    found = []
    days, usual = change["days"], change["usual"]
    if (
        days is not None
        and abs(days["days_after"] / days["days_before"] - 1) >= MIN_DAYS
        and days["daily_ratio"] is not None
    ):
        up = days["daily_ratio"] >= 0
        found.append(
            tell(
                language,
                en="{last} has {days_after} days, {first} {days_before}: the number of days alone makes {days_effect:+}; "
                "per day "
                f"{{name}} {'rose' if up else 'fell'} by {{daily:.1%}}.",
                ko="{last}(은/는) {days_after}일, {first}(은/는) {days_before}일이라 일수 차이만으로 {days_effect:+}의 변화가 "
                "생기며, "
                f"하루 평균으로는 {{daily:.1%}} {'늘었습니다' if up else '줄었습니다'}.",
                importance=0.9,
                kind="change",
                name=name_of(change),
                first=change["from"],
                last=change["to"],
                days_before=days["days_before"],
                days_after=days["days_after"],
                days_effect=days["days_effect"],
                daily=abs(days["daily_ratio"]),
            )
        )
    if usual is not None:
        up = usual["mean"] >= 0
        found.append(
            tell(
                language,
                en="Part of it is the season: in {years} earlier year(s) the same step was "
                f"{'a rise' if up else 'a fall'} of {{mean:.1%}} on average."
                if (usual["mean"] > 0) == ((change["change"] or 0) > 0)
                else "The season does not explain it: in {years} earlier year(s) the same step was "
                f"{'a rise' if up else 'a fall'} of {{mean:.1%}} on average.",
                ko="계절의 영향이 있습니다. 이전 {years}개 연도의 같은 시기에는 평균 {mean:.1%} "
                f"{'늘었습니다' if up else '줄었습니다'}."
                if (usual["mean"] > 0) == ((change["change"] or 0) > 0)
                else "계절로는 설명되지 않습니다. 이전 {years}개 연도의 같은 시기에는 평균 {mean:.1%} "
                f"{'늘었습니다' if up else '줄었습니다'}.",
                importance=0.75,
                kind="change",
                years=usual["years"],
                mean=abs(usual["mean"]),
            )
        )
    return found


PARTS: dict[str, tuple[str, str]] = {
    "volume": ("volume", "수량"),
    "price": ("price", "가격"),
    "mix": ("mix", "구성"),
    "range": ("goods in one period only", "한쪽 기간에만 있는 품목"),
    "unknown": ("rows without a quantity", "수량이 없는 행"),
}


def _price_volume(change: dict[str, Any], language: Language) -> list[Finding]:
    """The price-volume-mix split, the largest part first; parts of nothing are left out."""
    split = change["price_volume"]
    if split is None:
        return []
    parts = [key for key in PARTS if split[key]]
    parts.sort(key=lambda key: -abs(split[key]))
    if not parts:
        return []
    korean = language == "ko"
    told = ", ".join(f"{PARTS[key][korean]} {{{key}:+}}" for key in parts)
    return [
        tell(
            language,
            en="Split by {by}: " + told + " (the parts add up to the whole change of {change:+}).",
            ko="{by} 기준 분해: " + told + " (합하면 전체 변화 {change:+}(과/와) 같습니다).",
            importance=0.88,
            kind="change",
            by=split["by"],
            change=change["change"],
            **{key: split[key] for key in parts},
        )
    ]


def _rows(change: dict[str, Any], language: Language) -> list[Finding]:
    rows = change["rows"]
    if rows is None or rows["rows_before"] == rows["rows_after"] or change["price_volume"] is not None:
        return []
    return [
        tell(
            language,
            en="The number of rows went from {rows_before:,} to {rows_after:,} and makes {rows_effect:+} of the "
            "change; the mean per row went from {mean_before} to {mean_after} and makes {mean_effect:+}.",
            ko="행 수는 {rows_before:,}에서 {rows_after:,}(으로/로) 바뀌어 {rows_effect:+}, 행당 평균은 "
            "{mean_before}에서 {mean_after}(으로/로) 바뀌어 {mean_effect:+}만큼 기여했습니다.",
            importance=0.8,
            kind="change",
            **rows,
        )
    ]


def _dimensions(change: dict[str, Any], language: Language) -> list[Finding]:
    found: list[Finding] = []
    even = []
    for position, record in enumerate(change["dimensions"]):
        if _alike(record, change):
            even.append(record["dimension"])
        elif position < MAX_DIMENSIONS:
            found.append(_contribution(record, change, 0.85 - 0.06 * position, language))
    if even and not found:
        found.append(
            tell(
                language,
                en="It runs through all groups alike: by {even}, no single one stands out.",
                ko="모든 집단에서 고르게 나타난 변화입니다. {even} 기준으로 두드러진 집단은 없습니다.",
                importance=0.8,
                kind="change",
                even=", ".join(even),
            )
        )
    return found


def _alike(record: dict[str, Any], change: dict[str, Any]) -> bool:
    """Whether every level changed like the whole, and the mix of levels has no part in it."""
    if "shift" in record:
        return (record["shift"] or 0.0) < MIN_SHIFT
    return bool(record["uneven"] < MIN_UNEVEN and abs(record["mix"]) < MIN_MIX * abs(change["change"]))


def _contribution(
    record: dict[str, Any], change: dict[str, Any], importance: float, language: Language
) -> Finding:
    rows = [row for row in record["rows"] if row["change"]]
    way = 1 if change["change"] > 0 else -1
    along = [row for row in rows if row["change"] * way > 0][:2]
    against = next((row for row in rows if row["change"] * way < 0), None)
    scale, unit = (100.0, "%p" if language == "ko" else " points") if change["positive"] else (1.0, "")
    number = ":+.1f" if change["positive"] else ":+"
    values: dict[str, Any] = {"dimension": record["dimension"]}
    named = []
    for index, row in enumerate(along):
        values |= {f"level_{index}": row["name"], f"change_{index}": scale * row["change"]}
        ratio = row.get("change_ratio")
        grown = ""
        if ratio is not None:
            values[f"ratio_{index}"] = ratio
            grown = f"({{ratio_{index}:+.1%}})"
        named.append(f"{{level_{index}}} {{change_{index}{number}}}{unit}" + (f" {grown}" if grown else ""))
    en = "By {dimension}, most of it comes from " + ", ".join(named)
    ko = "{dimension}별로는 " + ", ".join(named) + "의 기여가 가장 큽니다"
    if against is not None:
        values |= {"other": against["name"], "other_change": scale * against["change"]}
        en += f"; {{other}} went the other way ({{other_change{number}}}{unit})"
        ko += f". 반대로 움직인 곳은 {{other}}({{other_change{number}}}{unit})입니다"
    if record.get("mix") is not None and record.get("inner") is not None:
        values |= {"mix": scale * record["mix"], "inner": scale * record["inner"]}
        en += (
            f"; {{mix{number}}}{unit} comes from another mix, {{inner{number}}}{unit} from inside the groups"
        )
        ko += f". 구성 변화 {{mix{number}}}{unit}, 집단 내 변화 {{inner{number}}}{unit}입니다"
    return tell(language, en=en + ".", ko=ko + ".", importance=importance, kind="change", **values)


def _inside(change: dict[str, Any], language: Language) -> list[Finding]:
    record = change["inside"]
    if record is None or not record["rows"]:
        return []
    top = record["rows"][0]
    return [
        tell(
            language,
            en="Inside {level}, {name} contributes most by {dimension}: {change:+}.",
            ko="{level} 안에서는 {dimension} 기준 {name}의 기여가 {change:+}(으로/로) 가장 큽니다.",
            importance=0.6,
            kind="change",
            level=record["level"],
            dimension=record["dimension"],
            name=top["name"],
            change=top["change"],
        )
    ]


def change_kpis(change: dict[str, Any], language: Language) -> list[Kpi]:
    """The two values and the change."""
    rate = bool(change["positive"])

    def shown(value: float) -> str:
        return f"{value:.1%}" if rate else compact(value, language)

    kpis = [
        Kpi(label=f"{name_of(change)} {label}", value=value, text=shown(value))
        for label, value in ((change["from"], change["before"]), (change["to"], change["after"]))
    ]
    size = change["change_ratio"]
    text = (
        f"{size:+.1%}"
        if size is not None and not rate
        else f"{100 * change['change']:+.1f}%p"
        if rate
        else f"{change['change']:+,.4g}"
    )
    return [*kpis, Kpi(label=sentence(language, en="Change", ko="변화"), value=change["change"], text=text)]


def change_tables(change: dict[str, Any], language: Language) -> list[Table]:
    """Who contributed what, for the three dimensions that explain most, and the price-volume-mix split."""
    heads = {
        "en": ("before", "after", "change", "share of the change"),
        "ko": ("이전", "이후", "변화", "변화 중 비중"),
    }[language]
    tables = [
        Table(
            title=sentence(language, en="Contributions by {d}", ko="{d}별 기여", d=record["dimension"]),
            columns=[record["dimension"], *heads] if "shift" in record else [record["dimension"], *heads[:3]],
            rows=[
                [
                    row["name"],
                    row.get("before"),
                    row.get("after"),
                    row["change"],
                    *([row["share"]] if "shift" in record else []),
                ]
                for row in record["rows"]
            ],
            note=sentence(
                language,
                en="The rows add up to the whole change.",
                ko="행의 변화를 더하면 전체 변화와 같습니다.",
            ),
        )
        for record in change["dimensions"][:3]
    ]
    split = change["price_volume"]
    if split is not None:
        rows = [[PARTS[key][language == "ko"], split[key]] for key in PARTS if split[key]]
        title = sentence(language, en="Price, volume and mix", ko="가격·수량·구성 효과")
        tables.insert(
            0, Table(title=title, columns=[sentence(language, en="effect", ko="효과"), heads[2]], rows=rows)
        )
    return tables
