"""Cuts English and Korean text into words that compare equal when they mean the same form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mesh.tabular.glossary import VALUES

from .concepts import CONCEPTS, THINGS, TRANSPARENT
from .cues import CUES, ENDINGS, STOP

_PIECE = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)|(?P<latin>[a-z]+(?:'[a-z]+)?)|(?P<hangul>[가-힣ㄱ-ㅎㅏ-ㅣ]+)|(?P<sign>[<>=~%]+)|(?P<mark>\x00)"
)
_WORD_ENDINGS = ("ations", "ation", "ion", "ment", "ing", "ers", "ed", "er", "or", "al", "y", "e")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNKNOWN_COST, _WORD_COST, _ENDING_COST = 8.0, 1.0, 0.6


@dataclass(frozen=True)
class Token:
    """One word of a question. `norm` is what is compared; `ending` marks a Korean particle or ending; `known` a listed word."""

    text: str
    norm: str
    start: int
    end: int
    ending: bool = False
    known: bool = True
    number: float | None = None


def stem(word: str) -> str:
    """The English word without possessive and plural ending: `sales` → `sale`, `cities` → `city`."""
    word = word.removesuffix("'s")
    if len(word) > 3:
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith(("sses", "xes", "ches", "shes")):
            return word[:-2]
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word


def root(word: str) -> str:
    """The word without an ending of verbs and adjectives: `return` of `returned`, `ship` of `shipping`, `rain` of `rainy`."""
    for ending in _WORD_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            bare = word.removesuffix(ending)
            return bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "ls" else bare
    return word


class Tokenizer:
    """Splits text with a vocabulary of Korean words: the built-in words and those of one dataset."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self._words = _built_in_words() | {w for text in extra for w in re.findall(r"[가-힣]+", text.lower())}

    def tokens(self, text: str) -> list[Token]:
        """The words of `text` in order; Korean words are cut into stem and endings."""
        found: list[Token] = []
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        for match in _PIECE.finditer(lowered):
            start, end, piece = match.start(), match.end(), match.group()
            if match.lastgroup == "hangul":
                glued = bool(found) and found[-1].end == start
                found.extend(self._hangul(piece, start, glued))
            elif match.lastgroup == "number":
                number = float(piece.replace(",", "").rstrip("."))
                found.append(Token(piece, piece.replace(",", ""), start, end, number=number))
            else:
                found.append(Token(piece, stem(piece), start, end))
        return found

    def norms(self, text: str) -> tuple[str, ...]:
        """The compared forms of a phrase, a column name or a value, without Korean endings."""
        split = _CAMEL.sub(" ", text).replace("_", " ")
        tokens = self.tokens(split)
        return tuple(t.norm for t in tokens if not t.ending) or tuple(t.norm for t in tokens)

    def _hangul(self, word: str, offset: int, glued: bool) -> list[Token]:
        """Cheapest cut of one Korean word into vocabulary words, endings and unknown stretches."""
        size = len(word)
        best: list[tuple[float, list[tuple[int, int, str]]]] = [(0.0, [])]
        for end in range(1, size + 1):
            options = [
                (best[start][0] + cost, [*best[start][1], (start, end, kind)])
                for start in range(max(0, end - 12), end)
                for cost, kind in self._readings(word[start:end], start > 0 or glued)
            ]
            best.append(min(options, key=lambda option: (option[0], len(option[1]))))
        return [
            Token(
                word[a:b], word[a:b], offset + a, offset + b, ending=kind == "ending", known=kind != "unknown"
            )
            for a, b, kind in _merged(best[size][1])
        ]

    def _readings(self, part: str, inside: bool) -> list[tuple[float, str]]:
        readings = [(_UNKNOWN_COST * len(part), "unknown")] if len(part) == 1 else []
        if part in self._words:
            readings.append((_WORD_COST + (0.5 if inside and len(part) == 1 else 0.0), "word"))
        if inside and part in ENDINGS:
            readings.append((_ENDING_COST, "ending"))
        return readings


def _merged(cuts: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    merged: list[tuple[int, int, str]] = []
    for start, end, kind in cuts:
        if kind == "unknown" and merged and merged[-1][2] == "unknown":
            merged[-1] = (merged[-1][0], end, kind)
        else:
            merged.append((start, end, kind))
    return merged


def _built_in_words() -> set[str]:
    texts = [
        *CONCEPTS.values(),
        *map(" ".join, VALUES),
        *CUES.values(),
        " ".join(STOP),
        " ".join(TRANSPARENT),
    ]
    texts.append(" ".join(THINGS))
    return {word for text in texts for word in re.findall(r"[가-힣]+", text)}
