"""What is said of texts, in Korean or English: every number is a named value, every quote has its row."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi

from .corpus import MAX_TEXT_CHARS
from .languages import LANGUAGES
from .personal_kinds import LABELS
from .sentiment_story import ASKED, BESIDE, sentiment_findings
from .text_request import ASPECTS

_PATTERNS: dict[str, dict[Language, str]] = {
    **LABELS,
    "link": {"en": "link", "ko": "링크"},
    "money": {"en": "sum of money", "ko": "금액"},
    "date": {"en": "date", "ko": "날짜"},
    "code": {"en": "code", "ko": "코드"},
    "percentage": {"en": "percentage", "ko": "백분율"},
    "hashtag": {"en": "hashtag", "ko": "해시태그"},
    "mention": {"en": "mention", "ko": "멘션"},
}


def findings_of(data: dict[str, Any], language: Language) -> list[Finding]:
    """One finding for each thing that stands out, the most important first: what the question asked for, then what is sure."""
    tellers = (sentiment_findings, _topics, _keywords, _summary, _similar, _patterns)
    found = [item for teller in tellers for item in teller(data, language)]
    return sorted(found, key=lambda item: -item.importance) or [_plain(data, language)]


def summary_of(data: dict[str, Any], findings: Sequence[Finding]) -> str:
    """The first findings: as many as things were asked for, three at least and four at most."""
    return " ".join(found.text for found in findings[: max(3, min(4, len(data["aspects"])))])


def _plain(data: dict[str, Any], language: Language) -> Finding:
    return finding(
        language,
        en="{texts:,} texts of {column} were read; nothing stands out.",
        ko="{column} 열의 글 {texts:,}건을 읽었지만 두드러진 점이 없습니다.",
        texts=data["texts"],
        column=data["column"],
        kind="text",
    )


def _topics(data: dict[str, Any], language: Language) -> list[Finding]:
    held = data.get("topics")
    if not held:
        return []
    asked = ASKED if len(data["aspects"]) < len(ASPECTS) else BESIDE + 0.1
    found = []
    for place, topic in enumerate(held["topics"][:4]):
        values = {
            "label": topic["label"],
            "texts": topic["texts"],
            "share": topic["share"],
            "row": topic["quotes"][0]["row"],
            "quote": topic["quotes"][0]["text"],
        }
        en = "{share:.1%} of the texts ({texts:,}) are about {label}, for example row {row}: “{quote}”"
        ko = "글의 {share:.1%}({texts:,}건)는 ‘{label}’에 관한 것입니다. 예: {row}행 “{quote}”"
        importance = round(asked - 0.05 * place, 4)
        found.append(finding(language, en=en, ko=ko, importance=importance, kind="topic", **values))
    return found


def _keywords(data: dict[str, Any], language: Language) -> list[Finding]:
    held = data.get("keywords")
    if not held:
        return []
    first = held[0]
    return [
        finding(
            language,
            en="The texts are mostly about {words}; “{word}” is in {count:,} of them ({share:.1%}).",
            ko="글에서 두드러지는 말은 {words}이며, ‘{word}’(은/는) {count:,}건({share:.1%})에 나옵니다.",
            importance=ASKED if len(data["aspects"]) < 3 else 0.55,
            kind="keywords",
            words=", ".join(item["word"] for item in held[:8]),
            word=first["word"],
            count=first["texts"],
            share=first["share"],
        )
    ]


def _summary(data: dict[str, Any], language: Language) -> list[Finding]:
    return [
        finding(
            language,
            en="Row {row} says what many say: “{quote}”",
            ko="{row}행은 여러 글을 대표합니다: “{quote}”",
            importance=round((ASKED if len(data["aspects"]) < 3 else 0.5) - 0.02 * place, 4),
            kind="quote",
            row=item["row"],
            quote=item["text"],
        )
        for place, item in enumerate((data.get("summary") or [])[:3])
    ]


def _similar(data: dict[str, Any], language: Language) -> list[Finding]:
    held = data.get("similar")
    if not held:
        return []
    only = len(data["aspects"]) < 3
    if not held["groups"]:
        if not only:
            return []
        en, ko = (
            "No two of the {texts:,} texts are nearly the same.",
            "글 {texts:,}건 중 거의 같은 글은 없습니다.",
        )
        return [finding(language, en=en, ko=ko, importance=ASKED, kind="similar_texts", texts=data["texts"])]
    first = held["groups"][0]
    return [
        finding(
            language,
            en="{exact:,} texts repeat an earlier one and {near:,} nearly do; the largest group has {size:,} "
            "(from row {row}): “{quote}”",
            ko="앞의 글과 똑같은 글이 {exact:,}건, 거의 같은 글이 {near:,}건 있습니다. 가장 큰 묶음은 "
            "{size:,}건({row}행부터)입니다: “{quote}”",
            importance=ASKED if only else 0.45,
            kind="similar_texts",
            exact=held["exact_repeats"],
            near=held["near_repeats"],
            size=first["size"],
            row=first["rows"][0],
            quote=first["text"],
        )
    ]


def _patterns(data: dict[str, Any], language: Language) -> list[Finding]:
    held = data.get("patterns")
    if not held:
        return []
    counts = {item["kind"]: item["texts"] for item in held}
    named = ", ".join(f"{_PATTERNS[kind][language]} {{{kind}:,}}" for kind in counts)
    return [
        finding(
            language,
            en=f"Texts that hold: {named}.",
            ko=f"글에 들어 있는 것(건수): {named}.",
            importance=ASKED if len(data["aspects"]) < 3 else 0.35,
            kind="patterns",
            **counts,
        )
    ]


def warnings_of(data: dict[str, Any], language: Language) -> list[str]:
    """What was not read, not judged, or read only in part."""
    said = []
    if data["texts"] < data["with_text"]:
        en = "Of {held:,} texts {texts:,} were read, at equal distances."
        ko = "글 {held:,}건 중 같은 간격으로 고른 {texts:,}건을 읽었습니다."
        said.append(say(language, en=en, ko=ko, held=data["with_text"], texts=data["texts"]))
    if data["cut"]:
        en, ko = (
            "{cut:,} long texts were read up to their {limit:,}th character.",
            "긴 글 {cut:,}건은 {limit:,}자까지만 읽었습니다.",
        )
        said.append(say(language, en=en, ko=ko, cut=data["cut"], limit=MAX_TEXT_CHARS))
    unscored = (data.get("sentiment") or {}).get("unscored", 0)
    if unscored:
        en = (
            "{count:,} texts are in languages whose sentiment is not judged (only Korean and English are) and "
            "are not counted."
        )
        ko = "감성은 한국어와 영어만 판단하므로 다른 언어의 글 {count:,}건은 세지 않았습니다."
        said.append(say(language, en=en, ko=ko, count=unscored))
    if data["other_columns"]:
        en = "{columns} hold text too; name one to have it read instead of {column}."
        ko = "{columns}에도 글이 있습니다. {column} 대신 읽으려면 열 이름을 말씀해 주십시오."
        said.append(
            say(language, en=en, ko=ko, columns=", ".join(data["other_columns"]), column=data["column"])
        )
    if "topics" in data["aspects"] and data["topics"] is None:
        en = "There are too few texts with words in common to find topics."
        ko = "공통된 말이 있는 글이 너무 적어 주제를 찾지 않았습니다."
        said.append(say(language, en=en, ko=ko))
    return said


def kpis_of(data: dict[str, Any], language: Language) -> list[Kpi]:
    """Texts read, and shares of positive and negative ones."""
    found = [Kpi(label=say(language, en="Texts", ko="글"), value=data["texts"], text=f"{data['texts']:,}")]
    held = data.get("sentiment")
    if held and held["texts"]:
        for key, en, ko in (("positive_share", "Positive", "긍정"), ("negative_share", "Negative", "부정")):
            found.append(Kpi(label=say(language, en=en, ko=ko), value=held[key], text=f"{held[key]:.1%}"))
    return found


def language_name(code: str, language: Language) -> str:
    """What a language is called."""
    return LANGUAGES[code][0 if language == "en" else 1] if code in LANGUAGES else code


def pattern_name(kind: str, language: Language) -> str:
    """What a kind of pattern is called."""
    return _PATTERNS[kind][language]
