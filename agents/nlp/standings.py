"""Says of a ranking who leads, who holds a place, and who leads in each group."""

from typing import Any

from mesh.language import Language, say

from .labels import condition_text, figure_label, figure_text, key_name, key_names, key_text
from .query import Query


def ranking_sentence(query: Query, rows: list[list[Any]], language: Language) -> str:
    """The first places: of all groups, of each group, or the one place that was asked for."""
    high = query.order != "asc"
    condition, label = condition_text(query, language), figure_label(query, language)
    if query.per_group:
        return _rankings(query, rows, language)
    if query.skipped:
        return _place(query, rows, language)
    counted = query.kind == "value" and query.measures[0].function in {"count", "count_distinct"}
    up, down = ("많은", "적은") if counted else ("높은", "낮은")
    if len(rows) == 1:
        return say(
            language,
            en="{k} has the {d} {l}{c}: {v}.",
            ko="{c}{l}(이/가) 가장 {d} {n}(은/는) {k}이며, 값은 {v}입니다.",
            k=key_text(query, rows[0], language),
            l=label,
            c=condition,
            v=figure_text(query, rows[0]),
            n=key_name(query, language),
            d=("highest" if high else "lowest") if language == "en" else (up if high else down),
        )
    shown = ", ".join(f"{key_text(query, r, language)} ({figure_text(query, r)})" for r in rows[:5])
    return say(
        language,
        en="By {l}{c}, the {d} {n} are: {s}.",
        ko="{c}{l} 기준 {d} 순서는 {s}입니다.",
        l=label,
        c=condition,
        s=shown,
        n=key_name(query, language),
        d=("highest" if high else "lowest") if language == "en" else (up if high else down),
    )


def _place(query: Query, rows: list[list[Any]], language: Language) -> str:
    """Who holds one later place of a ranking."""
    return say(
        language,
        en="By {l}{c}, {k} is in place {n} from the {d}: {v}.",
        ko="{c}{l} 기준으로 {d} {n}위는 {k}이며, 값은 {v}입니다.",
        l=figure_label(query, language),
        c=condition_text(query, language),
        k=key_text(query, rows[0], language),
        n=query.skipped + 1,
        v=figure_text(query, rows[0]),
        d=say(
            language,
            en="bottom" if query.order == "asc" else "top",
            ko="낮은 순" if query.order == "asc" else "높은 순",
        ),
    )


def _rankings(query: Query, rows: list[list[Any]], language: Language) -> str:
    """The first places of up to five groups."""
    shown = []
    for row in rows[:5]:
        names = key_names(query, row, language)
        group, best = " · ".join(names[: query.per_group]), " · ".join(names[query.per_group :])
        shown.append(f"{group}: {best} ({figure_text(query, row)})")
    return say(
        language,
        en="By {l}{c}, the {d} of each {g}: {s}.",
        ko="{c}{l} 기준으로 {g}마다 가장 {d} 것은 {s}입니다.",
        l=figure_label(query, language),
        c=condition_text(query, language),
        g=key_name(query, language),
        s="; ".join(shown) if language == "en" else ", ".join(shown),
        d=say(
            language,
            en="lowest" if query.order == "asc" else "highest",
            ko="낮은" if query.order == "asc" else "높은",
        ),
    )
