"""The tables behind what is said of texts, under headings in Korean or English."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language, say
from mesh.results import Table

MAX_ROWS = 60
_SHARES = {
    "en": ("texts", "positive share", "negative share", "lower negative share", "upper negative share"),
    "ko": ("글", "긍정 비율", "부정 비율", "부정 비율 하한", "부정 비율 상한"),
}


def result_tables(data: dict[str, Any], language: Language) -> list[Table]:
    """Sentiment by group and by period, topics, keywords and repeated texts, as far as the report has them."""
    tables = [
        _shares(grouping["column"], "group", grouping["groups"], language)
        for grouping in data.get("by_group") or []
    ]
    if data.get("over_time"):
        held = data["over_time"]
        tables.append(_shares(held["column"], "period", held["periods"], language))
    if data.get("topics"):
        tables.append(_topics(data["topics"]["topics"], language))
    if data.get("keywords"):
        heads = ["word", "texts", "share"] if language == "en" else ["말", "글", "비율"]
        rows = [[item["word"], item["texts"], item["share"]] for item in data["keywords"]]
        tables.append(Table(title=say(language, en="Keywords", ko="키워드"), columns=heads, rows=rows))
    if (data.get("similar") or {}).get("groups"):
        tables.append(_similar(data["similar"]["groups"], language))
    return tables


def _shares(name: str, key: str, groups: Sequence[dict[str, Any]], language: Language) -> Table:
    rows = [
        [
            group[key],
            group["texts"],
            group["positive_share"],
            group["negative_share"],
            *(group["negative_interval"] or [None, None]),
        ]
        for group in groups[:MAX_ROWS]
    ]
    title = say(language, en="Sentiment by {name}", ko="{name}별 감성", name=name)
    return Table(title=title, columns=[name, *_SHARES[language]], rows=rows)


def _topics(topics: Sequence[dict[str, Any]], language: Language) -> Table:
    heads = (
        ["topic", "texts", "share", "negative share", "row", "quote"]
        if language == "en"
        else ["주제", "글", "비율", "부정 비율", "행", "인용"]
    )
    rows = [
        [
            topic["label"],
            topic["texts"],
            topic["share"],
            topic["negative_share"],
            topic["quotes"][0]["row"],
            topic["quotes"][0]["text"],
        ]
        for topic in topics
    ]
    return Table(title=say(language, en="Topics", ko="주제"), columns=heads, rows=rows)


def _similar(groups: Sequence[dict[str, Any]], language: Language) -> Table:
    heads = ["texts", "first rows", "text"] if language == "en" else ["글", "첫 행들", "내용"]
    rows = [
        [group["size"], ", ".join(str(row) for row in group["rows"][:5]), group["text"]] for group in groups
    ]
    return Table(title=say(language, en="Repeated texts", ko="반복된 글"), columns=heads, rows=rows)
