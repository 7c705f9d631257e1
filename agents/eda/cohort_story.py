"""What cohorts and a funnel show, in sentences and tables."""

from itertools import pairwise
from typing import Any

import numpy as np

from mesh.language import Language, say
from mesh.results import Finding, Kpi, Table

from .rate_comparison import chi_squared
from .wording import p_part, tell

ALPHA = 0.05
MIN_COHORT = 10
MIN_COHORTS = 3
MAX_AGES = 24
AGES: dict[str, tuple[str, str, str]] = {
    "D": ("day", "days", "일"),
    "W": ("week", "weeks", "주"),
    "MS": ("month", "months", "개월"),
    "QS": ("quarter", "quarters", "분기"),
    "YS": ("year", "years", "년"),
}


def tell_cohorts(report: dict[str, Any], language: Language) -> list[Finding]:
    """The funnel first, where there is one, then the retention."""
    found = [*_funnel(report["funnel"], language), *_retention(report["cohorts"], language)]
    return sorted(found, key=lambda item: -item.importance)


def age_text(age: int, grain: str, language: Language) -> str:
    """A distance in time: `1 month`, `3개월`."""
    one, many, korean = AGES[grain]
    return f"{age}{korean}" if language == "ko" else f"{age} {one if age == 1 else many}"


def _retention(cohorts: dict[str, Any] | None, language: Language) -> list[Finding]:
    if cohorts is None:
        return []
    later = [point for point in cohorts["curve"] if point["age"] > 0]
    based = [point for point in later if point["cohorts"] >= MIN_COHORTS]
    told = list({point["age"]: point for point in (*later[:1], *based[-1:])}.values())
    found = [_point(cohorts, point, 0.9 - 0.1 * rank, language) for rank, point in enumerate(told)]
    return [*found, *_between_cohorts(cohorts, language)]


def _point(cohorts: dict[str, Any], point: dict[str, Any], importance: float, language: Language) -> Finding:
    return tell(
        language,
        en="After {later}, {share:.1%} of the people who could be are active again: {active:,} of {n:,} ({cohorts:,} cohorts; "
        "{confidence:.0%} interval {low:.1%} to {high:.1%}).",
        ko="{later} 뒤까지 지켜볼 수 있는 {n:,}명 가운데 {active:,}명({share:.1%})이 다시 활동했습니다"
        "(코호트 {cohorts:,}개, "
        "{confidence:.0%} 신뢰구간 {low:.1%}~{high:.1%}).",
        importance=importance,
        kind="retention",
        person=cohorts["person"],
        later=age_text(point["age"], cohorts["grain"], language),
        confidence=cohorts["confidence"],
        **{key: point[key] for key in ("age", "share", "active", "n", "cohorts", "low", "high")},
    )


def _between_cohorts(cohorts: dict[str, Any], language: Language) -> list[Finding]:
    """Whether cohorts of at least `MIN_COHORT` people differ in how many are back after one period (χ²)."""
    whole = len(cohorts["curve"]) - 1
    reached = [
        cohort
        for cohort in cohorts["cohorts"]
        if cohort["size"] >= MIN_COHORT and len(cohort["active"]) > 1 + (cohorts["partial"] is not None)
    ]
    if whole < 1 or len(reached) < 2:
        return []
    back = np.array([cohort["active"][1] for cohort in reached], dtype=np.float64)
    sizes = np.array([cohort["size"] for cohort in reached], dtype=np.float64)
    table = np.column_stack([back, sizes - back])
    if not table.sum(axis=0).all():
        return []
    p = float(chi_squared(table)["p"])
    shares = back / sizes
    best, worst = int(np.argmax(shares)), int(np.argmin(shares))
    chance, p_values = p_part(p)
    values: dict[str, Any] = {
        "best": reached[best]["label"],
        "best_share": float(shares[best]),
        "worst": reached[worst]["label"],
        "worst_share": float(shares[worst]),
        "later": age_text(1, cohorts["grain"], language),
        **p_values,
    }
    differ = p < ALPHA
    return [
        tell(
            language,
            en="Cohorts "
            + ("differ" if differ else "do not differ clearly")
            + " after {later}: from {worst_share:.1%} ({worst}) to {best_share:.1%} ({best}), "
            + chance
            + ".",
            ko="코호트의 {later} 뒤 유지율은 {worst_share:.1%}({worst})에서 {best_share:.1%}({best}) 사이이며, 차이가 "
            + ("유의합니다(" if differ else "뚜렷하지 않습니다(")
            + chance
            + ").",
            importance=0.7 if differ else 0.5,
            kind="cohorts",
            **values,
        )
    ]


def _funnel(funnel: dict[str, Any] | None, language: Language) -> list[Finding]:
    if funnel is None:
        return []
    steps = funnel["steps"]
    first, last = steps[0], steps[-1]
    if not first["reached"]:
        return []
    found = [
        tell(
            language,
            en="{share:.1%} of the {n:,} people at {first} get to {last} ({reached:,}).",
            ko="{first} 단계의 {n:,}명 가운데 {reached:,}명({share:.1%})이 {last} 단계에 도달합니다.",
            importance=1.0,
            kind="funnel",
            share=last["share"],
            n=first["reached"],
            reached=last["reached"],
            first=first["name"],
            last=last["name"],
        )
    ]
    passed = [(before, step) for before, step in pairwise(steps) if before["reached"]]
    before, worst = min(passed, key=lambda pair: pair[1]["conversion"])
    if len(passed) > 1 and worst["lost"]:
        found.append(
            tell(
                language,
                en="The weakest step is from {before} to {name}: {conversion:.1%} go on, {lost:,} people are lost.",
                ko="가장 많이 빠지는 구간은 {before}에서 {name}(으로/로) 가는 단계로, "
                "{conversion:.1%}만 넘어가고 {lost:,}명이 이탈합니다.",
                importance=0.95,
                kind="funnel",
                before=before["name"],
                **{key: worst[key] for key in ("name", "conversion", "lost")},
            )
        )
    return found


def cohort_kpis(report: dict[str, Any], language: Language) -> list[Kpi]:
    """Overall conversion, retention after one period, people."""
    kpis = []
    funnel, cohorts = report["funnel"], report["cohorts"]
    if funnel and funnel["steps"][-1]["share"] is not None:
        share = funnel["steps"][-1]["share"]
        label = say(language, en="Conversion to {last}", ko="{last} 전환율", last=funnel["steps"][-1]["name"])
        kpis.append(Kpi(label=label, value=share, text=f"{share:.1%}"))
    for point in [p for p in (cohorts["curve"] if cohorts else []) if p["age"] == 1]:
        later = age_text(1, cohorts["grain"], language)
        label = say(language, en="Retention after {later}", ko="{later} 뒤 유지율", later=later)
        kpis.append(Kpi(label=label, value=point["share"], text=f"{point['share']:.1%}"))
    people = (cohorts or funnel)["people"]
    return [*kpis, Kpi(label=say(language, en="People", ko="사람 수"), value=people, text=f"{people:,}")]


def cohort_tables(report: dict[str, Any], language: Language) -> list[Table]:
    """The funnel, the retention of every cohort at every age it has reached, and the curve."""
    found = [funnel_table(report["funnel"], language)] if report["funnel"] else []
    if report["cohorts"]:
        found += [retention_table(report["cohorts"], language), curve_table(report["cohorts"], language)]
    return found


def funnel_table(funnel: dict[str, Any], language: Language) -> Table:
    """Steps with people, conversion of the step before and share of the first."""
    names = {
        "en": ["step", "people", "conversion rate", "share", "lost", "median days", "seen at all"],
        "ko": ["단계", "도달 인원", "단계 전환 비율", "비중", "이탈", "중앙 소요일", "전체 발생 인원"],
    }
    keys = ("name", "reached", "conversion", "share", "lost", "days", "seen")
    counting = {
        "furthest_step": (
            "Every person has one row, their furthest step; all steps before it count as taken.",
            "한 사람이 한 행이며, 그 행의 단계까지 모두 거친 것으로 셉니다.",
        ),
        "in_order_of_time": (
            "People count for a step when they took every step up to it, in this order of time.",
            "앞 단계를 모두 시간 순서대로 거친 사람만 그 단계에 도달한 것으로 셉니다.",
        ),
        "all_steps": (
            "People count for a step when they took every step up to it, at whatever time.",
            "앞 단계를 모두 거친 사람만 그 단계에 도달한 것으로 셉니다(시간 순서는 보지 않음).",
        ),
    }[funnel["counting"]]
    return Table(
        title=say(language, en="Funnel", ko="퍼널"),
        columns=names[language],
        rows=[[step[key] for key in keys] for step in funnel["steps"]],
        note=counting[language == "ko"],
    )


def retention_table(cohorts: dict[str, Any], language: Language) -> Table:
    """One row per cohort: its people and the share of them active at each age; empty where the age is not reached."""
    ages = min(MAX_AGES, max(len(cohort["active"]) for cohort in cohorts["cohorts"]))
    rows = []
    for cohort in cohorts["cohorts"]:
        shares = [round(active / cohort["size"], 6) for active in cohort["active"][:ages]]
        rows.append([cohort["label"], cohort["size"], *shares, *[None] * (ages - len(shares))])
    heads = [
        say(
            language,
            en="{age} later (share)",
            ko="{age} 뒤 비중",
            age=age_text(a, cohorts["grain"], language),
        )
        for a in range(ages)
    ]
    return Table(
        title=say(language, en="Retention by cohort", ko="코호트별 유지율"),
        columns=[say(language, en="cohort", ko="코호트"), say(language, en="people", ko="인원"), *heads],
        rows=rows,
    )


def curve_table(cohorts: dict[str, Any], language: Language) -> Table:
    """The retention of all cohorts together that have reached an age."""
    names = {
        "en": ["age", "cohorts", "people", "active", "share", "from (share)", "to (share)"],
        "ko": ["경과", "코호트", "인원", "활동", "비중", "하한 비중", "상한 비중"],
    }
    keys = ("age", "cohorts", "n", "active", "share", "low", "high")
    return Table(
        title=say(language, en="Retention curve", ko="유지율 곡선"),
        columns=names[language],
        rows=[[point[key] for key in keys] for point in cohorts["curve"]],
        note=say(
            language,
            en="All cohorts that have reached the age; Wilson's {confidence:.0%} interval.",
            ko="해당 경과 시점에 도달한 코호트만 합산했으며, 구간은 Wilson {confidence:.0%} 신뢰구간입니다.",
            confidence=cohorts["confidence"],
        ),
    )


def cohort_warnings(report: dict[str, Any], language: Language) -> list[str]:
    """What bounds the numbers: people who were there before the data, a period cut short, steps that are not in the order."""
    found = []
    cohorts, funnel = report["cohorts"], report["funnel"]
    if cohorts:
        found.append(
            say(
                language,
                en="Nothing is known before {first}: its cohort also holds people who were there earlier.",
                ko="{first} 이전 기록이 없으므로 그 코호트에는 그 전부터 활동한 사람도 들어 있습니다.",
                first=cohorts["first"],
            )
        )
    if cohorts and cohorts["partial"]:
        found.append(
            say(
                language,
                en="The data cover {partial} only in part: the curve leaves it out, and the last value of each "
                "cohort can still rise.",
                ko="{partial} 기간은 데이터가 일부만 있어 곡선에서 제외했고, 각 코호트의 마지막 값은 더 늘어날 수 있습니다.",
                partial=cohorts["partial"],
            )
        )
    if cohorts and cohorts["cohorts_left_out"]:
        found.append(
            say(
                language,
                en="Only the last {shown:,} cohorts are listed; {n:,} earlier ones are in the curve alone.",
                ko="최근 코호트 {shown:,}개만 표시했고, 이전 {n:,}개는 곡선에만 들어 있습니다.",
                shown=len(cohorts["cohorts"]),
                n=cohorts["cohorts_left_out"],
            )
        )
    if funnel and funnel["left_out"]:
        found.append(
            say(
                language,
                en="Not part of the funnel: {names}.",
                ko="퍼널에 넣지 않은 단계: {names}.",
                names=", ".join(funnel["left_out"]),
            )
        )
    return found
