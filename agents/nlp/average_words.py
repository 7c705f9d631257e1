"""Finds comparisons with an average: `above average`, `more than the median income`, `평균보다 높은`, `평균 이상`."""

import re
from dataclasses import dataclass

_UP = (
    r"above|over|higher|more|greater|larger|bigger|longer|heavier|taller|older|better|faster|stronger|more expensive"
    r"|exceed(?:s|ing)?|exceeded"
)
_DOWN = r"below|under|lower|less|fewer|smaller|shorter|lighter|younger|cheaper|worse|slower|less expensive"
_WHOSE = r"(?:the\s+|its\s+|their\s+)?(?:overall\s+|global\s+|general\s+|company\s+|national\s+)?"
_ENGLISH = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:\s+than)?[\s-]+{_WHOSE}(?P<f>average|mean|median)\b(?:\s+of\s+all\b)?"
)
_KOREAN = re.compile(
    r"(?:전체\s*)?(?P<f>평균|중앙값)(?:값|치)?(?P<of>[^.,?!\d]{0,12}?)(?P<than>보다)\s*(?:[가-힣]{1,8}(?:이|가|은|는|도)\s*)?(?:더\s*)?"
    r"(?P<adjective>(?P<up>높|많|크|큰|긴|길|비싼|비싸|무거|강한|오래|빠른)|(?P<down>낮|적|작|짧|싼|싸|가벼|약한|느린))[가-힣]{0,2}"
)
_KOREAN_BARE = re.compile(
    r"(?:전체\s*)?(?P<f>평균|중앙값)(?:값|치)?(?:을|를|에)?\s*(?:(?P<atleast>이상)|(?P<up>초과|넘는|넘은|웃도는|상회하는)"
    r"|(?P<atmost>이하)|(?P<down>미만|밑도는|하회하는|못 미치는))(?:인|의)?"
)
_OPS = {"atleast": ">=", "atmost": "<=", "up": ">", "down": "<"}
_MEANT = {
    "price": re.compile(r"비싼|비싸|싼|싸|more expensive|less expensive|cheaper"),
    "weight": re.compile(r"무거|가벼|heavier|lighter"),
    "wind": re.compile(r"강한|약한|stronger"),
    "age": re.compile(r"older|younger"),
    "duration": re.compile(r"긴|길|짧|longer|shorter|오래"),
}


@dataclass(frozen=True)
class SaidAverage:
    """`op` against the average (`avg`) or `median`; `subject` is the concept that the adjective speaks of, if any."""

    op: str
    function: str
    subject: str
    text: str
    span: tuple[int, int]
    passed: tuple[tuple[int, int], ...] = ()


def find_averages(text: str) -> list[SaidAverage]:
    """Comparisons with an average in lower-cased `text`; `passed` are the further places that their words take."""
    found: list[SaidAverage] = []
    for regex in (_ENGLISH, _KOREAN, _KOREAN_BARE):
        for match in regex.finditer(text):
            if any(match.start() < a.span[1] and a.span[0] < match.end() for a in found):
                continue
            groups = match.groupdict()
            op = next(op for group, op in _OPS.items() if groups.get(group))
            said = groups.get("adjective") or groups.get("up") or groups.get("down") or ""
            subject = next((s for s, words in _MEANT.items() if words.search(said)), "")
            function = "median" if groups["f"] in {"median", "중앙값"} else "avg"
            span: tuple[int, int] = match.span()
            passed: tuple[tuple[int, int], ...] = ()
            if "adjective" in groups:
                span = (match.start("adjective"), match.end())
                passed = ((match.start(), match.end("f")), match.span("than"))
            found.append(SaidAverage(op, function, subject, match.group().strip(), span, passed))
    return sorted(found, key=lambda a: a.span)
