"""Korean and English: which one a text is in, and sentences in the one that was asked for."""

import re
from typing import Any, Literal, TypeVar

from .errors import MeshError
from .results import Finding

Language = Literal["ko", "en"]
Refusal = TypeVar("Refusal", bound=MeshError)

_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")
_PARTICLE = re.compile(r"\((은/는|이/가|을/를|과/와|으로/로)\)")


def detect_language(text: str) -> Language:
    """`ko` when the text holds any Hangul, else `en`."""
    return "ko" if _HANGUL.search(text) else "en"


def say(language: Language, *, en: str, ko: str, **values: Any) -> str:
    """One sentence in `language`, with `values` formatted into its `str.format` template.

    In the Korean template `(은/는)`, `(이/가)`, `(을/를)`, `(과/와)` and `(으로/로)` become the form that fits the word before.
    """
    if language == "ko":
        return _fit_particles(ko.format(**values))
    return en.format(**values)


def finding(
    language: Language, *, en: str, ko: str, importance: float = 0.5, kind: str = "", **values: Any
) -> Finding:
    """A sentence whose numbers are exactly the named `values`, which become its evidence.

    Args: `importance` in [0, 1] ranks findings of one analysis; `kind` is a short word such as `trend`.
    Every number that the template prints must be one of `values`: that is what makes the answer checkable.
    """
    return Finding(
        text=say(language, en=en, ko=ko, **values), evidence=dict(values), importance=importance, kind=kind
    )


def refused(kind: type[Refusal], /, *, en: str, ko: str, **values: Any) -> Refusal:
    """An error of that kind in both languages; `en` and `ko` are `str.format` templates over `values`."""
    return kind(say("en", en=en, ko=ko, **values), korean=say("ko", en=en, ko=ko, **values))


def _fit_particles(text: str) -> str:
    def choose(match: re.Match[str]) -> str:
        with_final, without_final = match.group(1).split("/")
        final = _final_consonant(text[: match.start()])
        if match.group(1) == "으로/로" and final == "ㄹ":
            return without_final
        return with_final if final else without_final

    return _PARTICLE.sub(choose, text)


def _final_consonant(before: str) -> str:
    """The last syllable's final consonant as read aloud: `ㄹ`, another (as `x`), or none (as ``)."""
    word = before.rstrip("'\"”’)]» ")
    if not word:
        return ""
    last = word[-1]
    if "가" <= last <= "힣":
        index = (ord(last) - 0xAC00) % 28
        return "" if index == 0 else "ㄹ" if index == 8 else "x"
    if last == "%":
        return ""
    if last.isdigit():
        return {"0": "x", "1": "ㄹ", "3": "x", "6": "x", "7": "ㄹ", "8": "ㄹ"}.get(last, "")
    if last.lower() in "lr":
        return "ㄹ"
    return "x" if last.lower() in "mn" else ""
