"""What one series shows, in sentences: parts, shifts of level, outlying periods, memory, calendar."""

import re
from typing import Any

from mesh.language import Language
from mesh.results import Finding, Table

from .time_findings import PERIOD_WORDS
from .wording import p_part, sentence, tell

ALPHA = 0.05
MAX_SHIFTS = 3
MAX_NAMED = 3
UNITS: dict[str, tuple[str, str]] = {
    "h": ("hour", "시간"),
    "D": ("day", "일"),
    "W": ("week", "주"),
    "MS": ("month", "월"),
    "QS": ("quarter", "분기"),
    "YS": ("year", "연"),
}
CYCLE_UNITS = {"h": "시간", "D": "일", "W": "주", "MS": "개월", "QS": "분기", "YS": "년"}
ASKED: dict[str, re.Pattern[str]] = {
    "cycle": re.compile(r"주기|사이클|순환|cycl|period", re.IGNORECASE),
    "shift": re.compile(r"변화점|변곡|수준|구조|change[- ]?point|break|shift|level", re.IGNORECASE),
    "anomaly": re.compile(r"이상|평소|특이|anomal|unusual|outl|strange", re.IGNORECASE),
    "stationarity": re.compile(r"정상성|단위근|station|unit root", re.IGNORECASE),
    "memory": re.compile(r"자기상관|autocorrel", re.IGNORECASE),
    "calendar": re.compile(r"공휴일|휴일|명절|월말|월초|holiday|month[- ]end|calendar", re.IGNORECASE),
    "series": re.compile(r"분해|성분|decompos|component", re.IGNORECASE),
}
SUMMARY_KINDS = ("growth", "trend", "season", "cycle", "shift", "anomaly", "series", "stationarity")
SEASONS: dict[tuple[str, int], tuple[str, str]] = {
    ("h", 24): ("daily", "하루"),
    ("h", 168): ("weekly", "주간"),
    ("D", 7): ("weekly", "주간"),
    ("D", 365): ("yearly", "연간"),
    ("W", 52): ("yearly", "연간"),
    ("MS", 12): ("yearly", "연간"),
    ("QS", 4): ("yearly", "연간"),
}


def tell_series(record: dict[str, Any], language: Language) -> list[Finding]:
    """The findings of one measure beyond growth, trend and season."""
    if record["parts"] is None:
        return [
            tell(
                language,
                en="{name} has {periods} complete periods, too few (or too many gaps) to be taken apart.",
                ko="{name}(은/는) 온전한 기간이 {periods}개뿐이거나 빈 기간이 많아 분해할 수 없습니다.",
                importance=0.5,
                kind="series",
                name=record["name"],
                periods=record["periods"],
            )
        ]
    return [
        _parts(record, language),
        *_shifts(record, language),
        *_cycle(record, language),
        *_anomalies(record, language),
        *_stationarity(record, language),
        *_memory(record, language),
        *_calendar(record, language),
    ]


def _parts(record: dict[str, Any], language: Language) -> Finding:
    parts, grain = record["parts"], record["grain"]
    unit = UNITS[grain][language == "ko"]
    values: dict[str, Any] = {
        "name": record["name"],
        "periods": record["periods"],
        "trend": parts["trend_strength"],
    }
    told_en, told_ko = [], []
    for season in parts["seasons"]:
        key = f"season_{season['period']}"
        values[key] = season["strength"]
        en, ko = SEASONS[grain, season["period"]]
        told_en.append(f"{en} season {{{key}:.2f}}")
        told_ko.append(f"{ko} 계절 {{{key}:.2f}}")
    seasons_en = ", ".join(told_en) or "no season"
    seasons_ko = ", ".join(told_ko) or "계절성 없음"
    return tell(
        language,
        en=f"{{name}} by {unit} ({{periods:,}} periods) consists of: trend {{trend:.2f}}, {seasons_en} "
        "(strength from 0 to 1).",
        ko=f"{{name}}(을/를) {unit} 단위 {{periods:,}}개 기간으로 분해하면 추세 {{trend:.2f}}, {seasons_ko}입니다(강도 0~1).",
        importance=0.55,
        kind="series",
        **values,
    )


def _shifts(record: dict[str, Any], language: Language) -> list[Finding]:
    shifts = sorted(record["shifts"], key=lambda shift: -shift["size"] if shift["size"] is not None else -1e9)
    if not shifts:
        return [
            tell(
                language,
                en="{name} has no shift of level beyond trend and season.",
                ko="{name}에는 추세와 계절로 설명되지 않는 수준 변화(변화점)가 없습니다.",
                importance=0.45,
                kind="shift",
                name=record["name"],
            )
        ]
    found = []
    period = PERIOD_WORDS[record["grain"]][language == "ko"]
    for position, shift in enumerate(shifts[:MAX_SHIFTS]):
        chance, p_values = p_part(shift["p"])
        up = shift["shift"] > 0
        found.append(
            tell(
                language,
                en="The level of {name} shifted "
                + ("up" if up else "down")
                + " by about {shift} per {period} in {label}, beyond "
                "trend and season (" + chance + ").",
                ko="{label}에 {name}의 수준이 {period} 약 {shift}만큼 "
                + ("올라갔습니다" if up else "내려갔습니다")
                + "(추세와 계절은 제외, "
                + chance
                + ").",
                importance=0.86 - 0.05 * position,
                kind="shift",
                name=record["name"],
                label=shift["label"],
                period=period,
                shift=abs(shift["shift"]),
                **p_values,
            )
        )
    return found


def _cycle(record: dict[str, Any], language: Language) -> list[Finding]:
    cycle = record["cycle"]
    if cycle is None:
        return []
    unit = UNITS[record["grain"]]
    chance, p_values = p_part(cycle["p"])
    return [
        tell(
            language,
            en="{name} goes through a cycle of about {period:.1f} "
            + unit[0]
            + "s, {share:.0%} of its variation ("
            + chance
            + ").",
            ko="{name}(은/는) 약 {period:.1f}"
            + CYCLE_UNITS[record["grain"]]
            + " 주기로 오르내리며, 변동의 {share:.0%}가 이 주기에서 "
            "나옵니다(" + chance + ").",
            importance=0.84,
            kind="cycle",
            name=record["name"],
            period=cycle["period"],
            share=cycle["share"],
            **p_values,
        )
    ]


def _anomalies(record: dict[str, Any], language: Language) -> list[Finding]:
    anomalies = record["anomalies"]
    rows = anomalies["rows"]
    if not rows:
        return [
            tell(
                language,
                en="No period of {name} lies outside what trend, season and the usual scatter make likely.",
                ko="{name}에서 추세와 계절, 평소의 변동 폭을 벗어난 기간은 없습니다.",
                importance=0.4,
                kind="anomaly",
                name=record["name"],
            )
        ]
    values: dict[str, Any] = {"name": record["name"], "count": anomalies["count"]}
    told_en, told_ko = [], []
    for index, row in enumerate(rows[:MAX_NAMED]):
        values |= {
            f"label_{index}": row["label"],
            f"value_{index}": row["value"],
            f"expected_{index}": row["expected"],
        }
        told_en.append(f"{{label_{index}}} ({{value_{index}}} instead of about {{expected_{index}}})")
        told_ko.append(f"{{label_{index}}}({{value_{index}}}, 예상 {{expected_{index}}})")
    one = anomalies["count"] == 1
    return [
        tell(
            language,
            en="{count} "
            + ("period" if one else "periods")
            + " of {name} "
            + ("stands" if one else "stand")
            + " out: "
            + ", ".join(told_en)
            + ".",
            ko="{name}에서 평소 범위를 벗어난 기간은 {count}개입니다: " + ", ".join(told_ko) + ".",
            importance=0.78,
            kind="anomaly",
            **values,
        )
    ]


VERDICTS: dict[str, tuple[str, str]] = {
    "stationary": (
        "keeps to its line: shocks fade (stationary around the trend)",
        "추세선 주위로 되돌아오는 정상 시계열입니다",
    ),
    "unit_root": (
        "wanders: shocks stay (unit root), so it should be differenced before modelling",
        "충격이 남는 단위근 시계열이므로 모형화 전에 차분이 필요합니다",
    ),
    "mixed": (
        "returns to a level, but not to one line (a shift or a bend in the trend)",
        "평균으로 돌아오지만 하나의 추세선을 따르지는 않습니다(수준 변화나 추세의 꺾임)",
    ),
    "open": (
        "is too short or too noisy to tell whether shocks fade or stay",
        "길이가 짧거나 잡음이 커서 정상성을 판단할 수 없습니다",
    ),
}


def _stationarity(record: dict[str, Any], language: Language) -> list[Finding]:
    verdict = record["stationarity"]
    if verdict is None:
        return []
    english, korean = VERDICTS[verdict["verdict"]]
    return [
        tell(
            language,
            en=(
                "Apart from season and shifts {name} "
                if record["shifts"]
                else "Apart from the season {name} "
            )
            + english
            + " (ADF p = {adf_p:.3f}, KPSS p = {kpss_p:.3f}).",
            ko=("계절과 수준 변화를 뺀 " if record["shifts"] else "계절을 뺀 ")
            + "{name}(은/는) "
            + korean
            + "(ADF p = {adf_p:.3f}, KPSS p = {kpss_p:.3f}).",
            importance=0.5,
            kind="stationarity",
            name=record["name"],
            adf_p=verdict["adf_p"],
            kpss_p=verdict["kpss_p"],
        )
    ]


def _memory(record: dict[str, Any], language: Language) -> list[Finding]:
    memory = record["memory"]
    if memory is None:
        return []
    chance, p_values = p_part(memory["p"])
    linked = memory["p"] < ALPHA
    return [
        tell(
            language,
            en="What trend and season leave over is "
            + ("linked to what came before" if linked else "free of memory")
            + " (lag 1 autocorrelation {lag_1:.2f}, Ljung-Box over {lags} lags "
            + chance
            + ").",
            ko="추세와 계절을 뺀 나머지에는 "
            + ("자기상관이 남아 있습니다" if linked else "자기상관이 없습니다")
            + "(시차 1 자기상관 {lag_1:.2f}, {lags}개 시차 Ljung-Box "
            + chance
            + ").",
            importance=0.4,
            kind="memory",
            lag_1=memory["lag_1"],
            lags=memory["lags"],
            **p_values,
        )
    ]


KINDS: dict[str, tuple[str, str]] = {
    "month_end": ("The last three days of the month", "월말 3일"),
    "month_start": ("The first three days of the month", "월초 3일"),
    "holiday": ("Korean public holidays", "공휴일"),
}


def _calendar(record: dict[str, Any], language: Language) -> list[Finding]:
    found = []
    clear = [e for e in record["calendar"] if e["p_adjusted"] < ALPHA and e["effect"] is not None]
    if record["calendar"] and not clear:
        return [
            tell(
                language,
                en="In {name}, neither the ends of the month nor the tested holidays differ clearly from other days.",
                ko="{name}에서 월초·월말이나 검정한 휴일은 다른 날과 뚜렷한 차이가 없습니다.",
                importance=0.35,
                kind="calendar",
                name=record["name"],
            )
        ]
    for effect in clear:
        chance, p_values = p_part(effect["p_adjusted"])
        english, korean = KINDS[effect["kind"]]
        up = effect["effect"] > 0
        found.append(
            tell(
                language,
                en=english
                + " run {effect:.1%} "
                + ("above" if up else "below")
                + " other days in {name} (corrected "
                + chance
                + ").",
                ko=korean
                + "에는 {name}(이/가) 다른 날보다 {effect:.1%} "
                + ("높습니다" if up else "낮습니다")
                + "(보정 "
                + chance
                + ").",
                importance=0.6 + min(0.2, abs(effect["effect"])),
                kind="calendar",
                name=record["name"],
                effect=abs(effect["effect"]),
                **p_values,
            )
        )
    return found


def asked_kinds(goal: str) -> list[str]:
    """The kinds of finding that a question names."""
    return [kind for kind, terms in ASKED.items() if terms.search(goal)]


def first_of_each(findings: list[Finding], asked: list[str]) -> list[Finding]:
    """The strongest finding of each kind that a summary names, those asked for first, at most four."""
    kinds = dict.fromkeys([*asked, *SUMMARY_KINDS])
    told = [next((f for f in findings if f.kind == kind), None) for kind in kinds]
    return [found for found in told if found is not None][:4]


def series_tables(record: dict[str, Any], language: Language) -> list[Table]:
    """The shifts and the outlying periods."""
    heads = {
        "en": ("from", "before", "after", "p", "period", "value", "expected", "distance (MAD)"),
        "ko": ("시점", "이전", "이후", "p", "기간", "값", "예상", "거리(MAD)"),
    }[language]
    tables = []
    if record["shifts"]:
        rows = [[s["label"], s["before"], s["after"], s["p"]] for s in record["shifts"]]
        title = sentence(language, en="{m}: shifts of level", ko="{m}: 수준 변화", m=record["name"])
        tables.append(Table(title=title, columns=list(heads[:4]), rows=rows))
    if record["anomalies"] and record["anomalies"]["rows"]:
        rows = [[r["label"], r["value"], r["expected"], r["distance"]] for r in record["anomalies"]["rows"]]
        title = sentence(
            language, en="{m}: periods that stand out", ko="{m}: 평소와 다른 기간", m=record["name"]
        )
        tables.append(Table(title=title, columns=list(heads[4:]), rows=rows))
    return tables
