"""What to do about patterns in the data: seasons, dependence on one group, decline, differences, reversals."""

from collections.abc import Iterator

from mesh.pages.cells import print_share
from mesh.pages.shapes import records

from .recommendation import Basis, Located, Recommendation, amount

_ADDITIVE = ("sum", "count")
_STRONG_SEASON = 0.64
_LARGE_SHARE = 0.4
_ABOVE_EQUAL = 1.5
_CLEAR_FALL = -0.05
_SURE_P = 0.05
_SLOWING = 0.02
_LARGE_EFFECT = {"hedges_g": 0.8, "rank_biserial": 0.5, "eta_squared": 0.14, "epsilon_squared": 0.14}


def prepare_for_season(report: Located) -> Iterator[Recommendation]:
    """A measure that adds up, with a seasonal strength of at least 0.64.

    Source of the threshold: Hyndman & Athanasopoulos (2021), section 9.1, who difference seasonally from there on.
    """
    for index, measure in enumerate(records(report.inner("time").data.get("measures"))[:1]):
        season = report.inner("time", "measures", index, "seasonality")
        strength, profile = season.number("strength"), records(season.data.get("profile"))
        sizes = [item["index"] for item in profile if isinstance(item.get("index"), int | float)]
        if strength is None or strength < _STRONG_SEASON or not season.data.get("seasonal"):
            continue
        if measure.get("aggregation") not in _ADDITIVE:
            continue
        if len(sizes) < 2 or len(sizes) < len(profile):
            continue
        high, low = sizes.index(max(sizes)), sizes.index(min(sizes))
        top, bottom = profile[high], profile[low]
        yield Recommendation(
            report.say(
                en="Plan capacity for {high}, the season's high, and less for {low}.",
                ko="성수기인 {high}에는 여유를 두고, {low}에는 줄여 계획하세요.",
                high=top.get("label"),
                low=bottom.get("label"),
            ),
            report.say(
                en="{name} runs at {top} of its trend in {high} and at {bottom} in {low} "
                "(seasonal strength {strength:.2f}).",
                ko="{name}(은/는) {high}에 추세의 {top}, {low}에 {bottom} 수준입니다(계절 강도 {strength:.2f}).",
                name=measure.get("name"),
                top=print_share(top["index"]),
                bottom=print_share(bottom["index"]),
                high=top.get("label"),
                low=bottom.get("label"),
                strength=strength,
            ),
            report.say(en="seasonal strength ≥ 0.64", ko="계절 강도 0.64 이상"),
            (
                *season.basis("strength"),
                Basis(str(top.get("label")), top["index"], f"{season.pointer}/profile/{high}/index"),
                Basis(str(bottom.get("label")), bottom["index"], f"{season.pointer}/profile/{low}/index"),
            ),
            "trend",
            report.step,
        )


def spread_dependence(report: Located) -> Iterator[Recommendation]:
    """One of at least three groups with 40 % or more of a total, and at least one and a half times an equal share."""
    for index, table in enumerate(records(report.data.get("breakdowns"))):
        rows = records(table.get("rows"))
        first = report.inner("breakdowns", index, "rows", 0)
        share, levels = first.number("share"), table.get("levels")
        if share is None or not isinstance(levels, int) or levels < 3 or not rows:
            continue
        if share < max(_LARGE_SHARE, _ABOVE_EQUAL / levels) or table.get("aggregation") not in _ADDITIVE:
            continue
        yield Recommendation(
            report.say(
                en="Look after {top} first, and build up a second {dimension}.",
                ko="{top}(을/를) 우선 관리하고, 뒤를 받칠 {dimension}(을/를) 키우세요.",
                top=first.text("name"),
                dimension=table.get("dimension"),
            ),
            report.say(
                en="{share} of {measure} comes from this one of {levels}.",
                ko="{measure}의 {share}가 {levels}개 중 이 하나에서 나옵니다.",
                share=print_share(share),
                measure=table.get("measure"),
                levels=levels,
            ),
            report.say(
                en="share ≥ 40% and ≥ 1.5 × an equal share", ko="비중 40% 이상, 균등 비중의 1.5배 이상"
            ),
            first.basis("name", "share") + report.inner("breakdowns", index).basis("levels"),
            "breakdowns",
            report.step,
        )
        return


def look_into_decline(report: Located) -> Iterator[Recommendation]:
    """A fall of at least 5 % between the periods compared, with a trend that chance hardly explains; else growth that slows."""
    for index, measure in enumerate(records(report.inner("time").data.get("measures"))[:1]):
        trend = report.inner("time", "measures", index, "trend")
        change, p = trend.number("change_ratio"), trend.number("p")
        if change is None or change > _CLEAR_FALL or p is None or p > _SURE_P:
            continue
        yield Recommendation(
            report.say(
                en="Find out why {name} falls before you rely on a recovery.",
                ko="회복을 전제하기 전에 {name}(이/가) 줄어드는 까닭부터 확인하세요.",
                name=measure.get("name"),
            ),
            report.say(
                en="It fell by {change} from {start} to {end}.",
                ko="{start}에서 {end}까지 {change} 줄었습니다.",
                change=print_share(abs(change)),
                start=trend.text("change_from"),
                end=trend.text("change_to"),
            ),
            report.say(en="change ≤ −5% and p ≤ 0.05", ko="변화율 −5% 이하, p 0.05 이하"),
            trend.basis("change_ratio", "p", "change_from", "change_to"),
            "trend",
            report.step,
        )


def watch_slowing_growth(report: Located) -> Iterator[Recommendation]:
    """Growth in both of the last two full years, the latter at least two points lower."""
    for index, measure in enumerate(records(report.inner("time").data.get("measures"))[:1]):
        years = records(measure.get("years"))
        if len(years) < 3:
            continue
        last = len(years) - 1
        before, now = (report.inner("time", "measures", index, "years", at) for at in (last - 1, last))
        faster, slower = before.number("growth"), now.number("growth")
        if faster is None or slower is None or slower <= 0 or faster - slower < _SLOWING:
            continue
        yield Recommendation(
            report.say(
                en="Do not plan {name} with the growth of the past: it slows.",
                ko="{name}의 증가세가 둔화하고 있으니 과거의 증가율로 계획하지 마세요.",
                name=measure.get("name"),
            ),
            report.say(
                en="It grew by {faster} in {before} and by {slower} in {now}.",
                ko="{before}년에는 {faster}, {now}년에는 {slower} 늘었습니다.",
                faster=print_share(faster),
                slower=print_share(slower),
                before=before.data.get("year"),
                now=now.data.get("year"),
            ),
            report.say(
                en="growth ≥ 2 points lower than the year before", ko="증가율이 전년보다 2%p 이상 낮음"
            ),
            before.basis("year", "growth") + now.basis("year", "growth"),
            "trend",
            report.step,
        )


def learn_from_the_best(report: Located) -> Iterator[Recommendation]:
    """A difference between groups that is large and significant after correction, in the measure that was asked about."""
    asked = (report.inner("focus").data.get("measures") or [None])[0]
    for index, test in enumerate(records(report.data.get("group_tests"))):
        at = report.inner("group_tests", index)
        effect, p = at.number("effect"), at.number("p_adjusted")
        least = _LARGE_EFFECT.get(at.text("effect_name"))
        groups = [item for item in records(test.get("groups")) if isinstance(item.get("median"), int | float)]
        if test.get("measure") != asked or effect is None or p is None or least is None or len(groups) < 2:
            continue
        if abs(effect) < least or p > _SURE_P:
            continue
        ranked = sorted(groups, key=lambda item: item["median"])
        high, low = ranked[-1], ranked[0]
        places = [records(test.get("groups")).index(item) for item in (high, low)]
        yield Recommendation(
            report.say(
                en="Find out what sets {high} apart from {low}, before you treat every {group} alike.",
                ko="모든 {group}(을/를) 똑같이 다루기 전에 {high}(이/가) {low}(과/와) 무엇이 다른지 확인하세요.",
                high=high.get("name"),
                low=low.get("name"),
                group=test.get("group"),
            ),
            report.say(
                en="The median {measure} of a row is {top} against {bottom}, a large difference (effect {effect:.2f}). "
                "This does not show a cause.",
                ko="행별 {measure} 중앙값이 {top} 대 {bottom}(으로/로) 크게 다릅니다(효과 크기 {effect:.2f}). "
                "원인을 뜻하지는 않습니다.",
                measure=asked,
                top=amount(high["median"]),
                bottom=amount(low["median"]),
                effect=effect,
            ),
            report.say(
                en="large effect (Cohen 1988) and corrected p ≤ 0.05",
                ko="큰 효과(Cohen 1988), 보정 p 0.05 이하",
            ),
            at.basis("effect_name", "effect", "p_adjusted")
            + tuple(
                Basis(str(item.get("name")), item["median"], f"{at.pointer}/groups/{place}/median")
                for item, place in zip((high, low), places, strict=True)
            ),
            "drivers",
            report.step,
        )
        return


def mind_the_reversal(report: Located) -> Iterator[Recommendation]:
    """A relation that turns round inside the groups of a dimension (Simpson's paradox)."""
    for index, reversal in enumerate(records(report.data.get("reversals"))[:1]):
        at = report.inner("reversals", index)
        overall, within = at.number("overall"), at.number("within")
        if overall is None or within is None:
            continue
        yield Recommendation(
            report.say(
                en="Judge {a} and {b} inside each {dimension}, not over all rows.",
                ko="{a}(과/와) {b}의 관계는 전체가 아니라 {dimension}별로 판단하세요.",
                a=reversal.get("a"),
                b=reversal.get("b"),
                dimension=reversal.get("dimension"),
            ),
            report.say(
                en="Over all rows they correlate with {overall:.2f}, inside the groups with {within:.2f}.",
                ko="전체에서는 상관계수가 {overall:.2f}이지만 집단 안에서는 {within:.2f}입니다.",
                overall=overall,
                within=within,
            ),
            report.say(en="the sign turns round inside the groups", ko="집단 안에서 부호가 바뀜"),
            at.basis("a", "b", "dimension", "overall", "within"),
            "drivers",
            report.step,
        )
