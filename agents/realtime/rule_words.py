"""What sentences say beside thresholds: changes in percent, silence, ranges, windows in a row, numbers and lengths in words."""

import re
from dataclasses import dataclass

from .rules import Rule, Statistic

_N = r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?"
_DIGITS = {
    **{
        word: number
        for number, word in enumerate(
            [
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
            ],
            start=1,
        )
    },
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "sixty": 60,
    "a": 1,
    "an": 1,
    "single": 1,
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "열": 10,
}
_COUNTED = "|".join(sorted((word for word in _DIGITS if word.isascii()), key=len, reverse=True))
_WRITTEN_OUT = re.compile(
    rf"\b(?P<en>{_COUNTED})(?=[\s-]+(?:second|minute|hour|day|week)s?\b)|(?P<ko>한|두|세|네|다섯|열)\s*(?=시간|주일)",
    re.IGNORECASE,
)
_HALF_HOUR = re.compile(r"\bhalf\s+an?\s+hour\b|반\s*시간", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:previous|preceding|prior|last)\s+(?P<en>second|minute|hour|day|week)\b|(?:이전|직전|전|지난)\s+(?P<ko>시간|분)(?=\S*보다)",
    re.IGNORECASE,
)

_UP = r"rise|ris|increas|grow|jump|climb|surg|spik|go(?:es)?\s+up"
_DOWN = r"drop|fall|decreas|declin|dip|plung|shrink|go(?:es)?\s+down"
_MORE = r"more\s+than|over|above|at\s+least|about"
_MOVES = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\w*\s+(?:by\s+(?:(?P<more>{_MORE})\s+)?|(?P<more2>more\s+than|at\s+least)\s+)?"
    rf"(?P<n>{_N})\s*(?:%|percent)",
    re.IGNORECASE,
)
_MOVE = re.compile(
    rf"(?P<n>{_N})\s*(?:%|percent)\s+(?:(?P<up>increase|rise|jump|higher|more|up)|(?P<down>decrease|drop|fall|lower|less|down))\b",
    re.IGNORECASE,
)
_MOVES_KO = re.compile(
    rf"(?P<n>{_N})\s*(?:%|퍼센트|프로)\s*(?P<more>이상|넘게|초과(?:하여|해)?)?\s*"
    r"(?:(?P<up>증가|상승|급등|오르|올라|올랐|뛰|늘|높|많|커)|(?P<down>감소|하락|급락|떨어|내리|내려|줄|낮|적|작))",
)
_TIMES = re.compile(
    r"(?P<double>\bdoubl(?:e|es|ed)\b)|(?P<triple>\btripl(?:e|es|ed)\b)|(?P<half>\bhalv(?:e|es|ed)\b|\bby\s+half\b|절반으로|반토막)|"
    rf"(?P<ko>{_N}|두|세|네)\s*배(?:가|로|이상|\s)",
    re.IGNORECASE,
)

_WHAT = r"(?:events?|data|messages?|readings?|records?|signals?|requests?|orders?|values?|updates?|logs?|heartbeats?|traffic)"
_SILENT = re.compile(
    rf"\b(?:no|zero|without(?:\s+any)?)\s+(?!more|less|fewer)(?:[a-z]+\s+)?{_WHAT}\b|\bsilen(?:t|ce)\b|\bgo(?:es)?\s+(?:quiet|dark|offline)\b|"
    rf"\bstop(?:s|ped)?\s+(?:sending|reporting|arriving|coming)|\bnothing\s+(?:arrives|comes|is\s+(?:received|sent))|"
    rf"{_WHAT}\s+(?:stop(?:s|ped)?\b|(?:do(?:es)?\s+not|don't|doesn't)\s+(?:arrive|come))|(?:do(?:es)?\s+not|don't|doesn't)\s+(?:send|report)\b|"
    r"(?:이벤트|데이터|메시지|신호|값|기록|요청|주문|로그|입력|수신|응답|센서)\S*\s*(?:\S+\s+)?"
    r"(?:없으면|없을|없다면|없는\s*경우|안\s*(?:오|들어오|와)|(?:들어)?오지\s*않|끊기|끊어지|끊겼|멈추|멎)|조용하|잠잠하|침묵|무응답",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"(?:outside|out\s+of|not\s+between|not\s+within|not\s+in)\s+(?:of\s+)?(?:the\s+)?(?:range\s+)?(?:of\s+|from\s+|between\s+)?"
    rf"(?P<low>{_N})\s*\S{{0,8}}?\s*(?:to|and|-|–|~)\s*(?P<high>{_N})|"
    rf"(?P<low_ko>{_N})\s*[^\s\d,.]{{0,6}}?\s*(?:에서|부터|와|과|이상|~|-|–)\s*(?P<high_ko>{_N})\s*[^\s\d,.]{{0,6}}?\s*"
    r"(?:사이|범위|구간)?\s*(?:를|을|에서|의)?\s*(?:범위를\s*)?벗어",
    re.IGNORECASE,
)
_IN_A_ROW = re.compile(
    r"\b(?:for\s+)?(?P<en>\d+|two|three|four|five)\s+(?:times|windows)\s+in\s+a\s+row|"
    r"\b(?:for\s+|in\s+)?(?P<en2>\d+|two|three|four|five)\s+(?:consecutive|successive)\s+(?:times|windows)|"
    r"(?P<ko>\d+|두|세|네|다섯)\s*(?:번|회|차례|개\s*윈도우)?\s*(?:연속|연달아|잇달아)(?:으로|해서|하여)?",
    re.IGNORECASE,
)
_UNITS = (
    r"degrees?|percent|seconds?|milliseconds?|ms|celsius|fahrenheit|won|dollars?|euros?|kg|km|meters?|watts?|volts?|"
    r"points?|units?"
)
_THINGS = re.compile(
    rf"(?:more|greater|fewer|less)\s+than\s+{_N}\s+(?!(?:{_UNITS})\b)(?:[a-z]+\s+)?[a-z]{{2,}}s\b|"
    rf"(?:at\s+least|at\s+most)\s+{_N}\s+(?!(?:{_UNITS})\b)(?:[a-z]+\s+)?[a-z]{{2,}}s\b(?=\s+(?:per|in|within|every|each|a|an|over|during)\b)|"
    r"\d\s*(?:번|회|차례)(?!\s*째)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """A rule without its statistic, and the sentence without the words that said it."""

    rule: Rule | None
    rest: str


def in_digits(text: str) -> str:
    """The text with lengths of time as numbers: `five-minute`, `half an hour`, `the previous hour`, `반시간`, `한 시간`."""
    text = _HALF_HOUR.sub(" 30분 ", text)
    text = _WRITTEN_OUT.sub(lambda found: str(_DIGITS[(found["en"] or found["ko"]).lower()]), text)
    return _BEFORE.sub(lambda found: f"previous 1 {found['en'] or found['ko']} ", text)


def special_rule(text: str, statistic: Statistic, share: float | None) -> Said:
    """A rule about a change, a silence or a range, when the text says one."""
    for pattern in (_MOVES, _MOVE, _MOVES_KO):
        if found := pattern.search(text):
            parts = found.groupdict()
            more = parts.get("more") or parts.get("more2") or ""
            strict = bool(re.match(r"more|over|above|넘게|초과", more, re.IGNORECASE))
            return Said(
                _change(_number(parts["n"]), statistic, share, up=bool(parts["up"]), strict=strict),
                _without(text, found),
            )
    if found := _TIMES.search(text):
        times = _times(found)
        percent = abs(100 * (times - 1))
        return Said(_change(percent, statistic, share, up=times > 1, strict=False), _without(text, found))
    if found := _BETWEEN.search(text):
        low, high = (_number(found[name] or found[f"{name}_ko"]) for name in ("low", "high"))
        rule = Rule(statistic=statistic, comparison="outside", threshold=low, upper=high, share=share)
        return Said(rule if low < high else None, _without(text, found))
    if found := _SILENT.search(text):
        return Said(Rule(statistic="silence", comparison=">=", threshold=0.0), text)
    return Said(None, text)


def windows_in_a_row(text: str) -> tuple[int, str]:
    """How many windows one after the other must meet a rule, and the text without the words that say so."""
    found = _IN_A_ROW.search(text)
    if found is None:
        return 1, text
    said = (found["en"] or found["en2"] or found["ko"]).lower()
    number = int(said) if said.isdigit() else _DIGITS[said]
    return max(1, number), _without(text, found)


def counts_things(text: str) -> bool:
    """Whether a text compares how many things there are: `more than 10 errors per minute`, `10번 넘게`."""
    return bool(_THINGS.search(text))


def _change(percent: float, statistic: Statistic, share: float | None, *, up: bool, strict: bool) -> Rule:
    return Rule.model_validate(
        {
            "statistic": statistic,
            "comparison": (">" if up else "<") + ("" if strict else "="),
            "threshold": percent if up else -percent,
            "share": share,
            "change": True,
        }
    )


def _times(found: re.Match[str]) -> float:
    if found["double"]:
        return 2.0
    if found["triple"]:
        return 3.0
    if found["half"]:
        return 0.5
    return float(_DIGITS.get(found["ko"], 0) or _number(found["ko"]))


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
