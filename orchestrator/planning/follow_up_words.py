"""How people change or carry on what they asked before, in English and Korean."""

import re
from collections.abc import Collection

from .lexicon import read
from .words import content_stems, words

_NOUNS = r"(?:chart|graph|plot|diagram|figure|picture|answer|result)"
REFERS = re.compile(
    rf"\b(?:it|that|this|them|those|these|the same|the (?:last|previous|above|earlier|first|second|third) (?:one|{_NOUNS})"
    rf"|th(?:e|at|is) {_NOUNS})\b(?! (?:data|file|dataset|table|csv|column))"
    r"|(?:그|이|저)(?:걸|것|거)(?:을|를|로|도|만)?(?=\s|$|[,.?!])|(?:그|이|저|위|앞|방금|아까)(?:의)? ?(?:그린 |만든 )?"
    r"(?:차트|그래프|그림|표|결과|답|내용)|그 ?중|이 ?중|거기",
    re.IGNORECASE,
)
"""Words that point at an earlier result."""

FORMS = re.compile(
    r"\b(?:lines?|bars?|areas?|pie|donut|scatter|histogram|heat ?map|tree ?map|box ?plot|violin|stacked|grouped|horizontal|"
    r"vertical|charts?|graphs?|plots?|colou?rs?|axis|log scale|title|legend|labels?)\b"
    r"|막대|꺾은선|선 ?(?:그래프|차트)|선으로|원형|파이|도넛|산점도|히스토그램|히트맵|트리맵|박스|누적|영역|면적|가로로|세로로"
    r"|그래프|차트|그림|색(?:깔|상)?[을은]|제목|범례|축[을은]|로그",
    re.IGNORECASE,
)
"""Words for how something is drawn."""

_CHANGES = re.compile(
    rf"\b(?:make|turn|change|switch|convert|redo|redraw|replot|recolou?r|rename) "
    rf"(?:it|that|this|them|those|these|the (?:\w+ )?(?:{_NOUNS}|bars?|lines?|title|colou?rs?|axis|axes|legend))\b"
    r"|\b(?:switch|change|turn|convert) (?:in)?to\b|\binstead\b|\bthe same\b(?! time)"
    r"|\bsame (?:thing|chart|graph|plot|question)\b|\bas before\b"
    r"|\b(?:do|show|draw|plot|try|repeat|give me|split|break|sort|filter|limit|group) (?:it|that|this|them|those)\b"
    rf"|\b(?:in|of|for|from|to|on) (?:them|those|these|(?:that|this|the) {_NOUNS})\b"
    r"|^(?:please |now |and |then |just )*"
    r"(?:use|colou?r|recolou?r|sort|split|stack|limit|rename|zoom|exclude|include|drop|hide) (?!the data\b)"
    r"|바꿔|바꾸(?:어|고|면|세)|변경해|말고|대신|그 ?중|이 ?중에|똑같이|이번(?:엔|에는)|방금|아까|거기(?:서|에)"
    r"|같은 ?(?:걸|것|방식|그래프|차트|그림|질문|기준|조건|내용)|(?:그|저|위|앞|이)(?:의)? ?(?:차트|그래프|그림)"
    r"|(?:그|이|저)(?:걸|것을|거를?) |다시 (?:그려|보여|해|나타)",
    re.IGNORECASE,
)
_OPENING_EN = (
    r"(?:(?:and|but|also|now|then|so|ok(?:ay)?|just|only|what about|how about|what if|same for)[\s,]+)+"
)
_OPENING_KO = r"(?:(?:그럼|그러면|그리고|근데|그런데|이제|또)[\s,]+)+"
_OPENING = re.compile(rf"^\s*(?:{_OPENING_EN}|{_OPENING_KO})", re.IGNORECASE)
_BEGINS = re.compile(
    r"^\s*(?:only|just|without|with|as|by|per|for|in|from|since|until|excluding|except|not)\b"
    r"|^\s*(?:the )?(?:top|bottom|first|last) \d+\W*$|^\s*(?:상위|하위) ?\d+ ?\S{0,3}$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:only|too|as well|though)\W*$|(?:제외|빼)(?:해|하|줘|고)"
    r"|(?:만|도|은요|는요|별로|별로도|별은|로|으로|까지만|부터는|제외|빼고|제외하고|기준)(?:요)?\W*$"
    r"|(?:만|별로|별로도|별로만|도|제외하고|빼고|빼|으로|로)\s+(?:좀 )?(?:다시 )?"
    r"(?:보여|그려|해|알려|나눠|나누|정렬|추려|걸러|뽑아|줘|주세요|볼래|보자)",
    re.IGNORECASE,
)
_NARROWS = re.compile(r"\b(?:only|too|as well)\b|(?:만|도)(?=\s|\W*$)", re.IGNORECASE)
_GROUPS = re.compile(
    r"\b(?:by|per) (?:the )?\w+(?:(?: and |, )\w+)?|\S+별(?:로|로도|은|도)?(?=\s|\W*$)", re.IGNORECASE
)
PRESENTS = re.compile(r"\b(?:show|give|list|display|tell|compare)\b|보여|알려|나열|비교", re.IGNORECASE)
"""Words by which a question that names its subject asks to see it."""
_FRAGMENT_STEMS = 4


def plainly_changes(text: str) -> bool:
    """Whether the words say outright that something earlier is to be changed, or point into it."""
    return bool(_CHANGES.search(text))


def opens_elliptic(text: str) -> bool:
    """Whether the text begins or ends like a change of what was asked before: and …, only …, …만, …별로."""
    return bool(_OPENING.search(text) or _BEGINS.search(text) or _ENDS.search(text))


def without_opening(text: str) -> str:
    """The text without the words by which it carries on: `and`, `what about`, `그럼`."""
    return _OPENING.sub("", text)


def without_groups(text: str) -> str:
    """The text without what it groups by: `by region`, `지역별로`."""
    return _GROUPS.sub(" ", text)


def narrows(text: str) -> bool:
    """Whether the text only narrows or widens what was asked: only …, …만, …도."""
    return bool(_NARROWS.search(text))


def is_fragment(text: str, columns: Collection[str]) -> bool:
    """Whether the text is a few words that name something of the data (2023, by product, 지역별) and no sentence."""
    reading, stems = read(text), content_stems(text)
    if len(stems) > _FRAGMENT_STEMS or "ask" in reading.concepts:
        return False
    own = {stem for column in columns for stem in content_stems(column)}
    named = bool(reading.concepts & {"business", "time", "measure"}) or bool(own & set(stems))
    return named or (len(words(text)) == 1 and bool(stems))
