"""What a sentence says about registered models: which one, which versions, by how much better, and whether to insist."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mesh.errors import BadInputError, NeedsInputError, NotFoundError
from mesh.language import Language, say

_VERSION = r"(?:versions?|ver\.?|(?<![a-z])v|버전)"
_JOINT = r"(?:,|and|&|vs\.?|versus|with|against|over|to|or|와|과|랑|이랑|하고|대)"
_AFTER = re.compile(
    rf"{_VERSION}\s*#?(\d{{1,6}})((?:\s*{_JOINT}\s*{_VERSION}?\s*#?\d{{1,6}})*)(?!\.?\d)", re.IGNORECASE
)
_BEFORE = re.compile(r"(?<![\d.])(\d{1,6})\s*번?(?:째)?\s*버전")
_NUMBER = re.compile(r"\d{1,6}")
_FORCE = re.compile(
    r"\bforc(?:e|ed|ibly)\b|\banyway\b|\bregardless\b|\bno matter\b|\beven (?:if|though)\b|\boverride\b|"
    r"강제|무조건|그래도|상관 ?없이|무시하고",
    re.IGNORECASE,
)
_NOT_FORCE = re.compile(
    r"(?:don'?t|do not|never|without|not)\s+(?:\w+\s+)?forc\w*|강제\S*\s*(?:하지|말|않)|무조건\s*\S*\s*(?:말|않)",
    re.IGNORECASE,
)
_MARGIN = re.compile(
    r"(?:by (?:at least|more than|over)|margin of)\s*(\d*\.?\d+)(?!\s*%|\d|\.\d)|"
    r"(\d*\.?\d+)\s*(?:이상|넘게)\s*(?:더\s*)?(?:좋|나[은아]|개선|높|낮|향상)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wish:
    """What a person wants of registered models: a sentence, and what was given beside it, which counts for more."""

    sentence: str
    name: str | None = None
    versions: tuple[str, ...] = ()
    force: bool = False
    margin: float | None = None
    reason: str | None = None

    @property
    def why(self) -> str:
        """What to remember as the reason of a change."""
        return self.reason or self.sentence


def understand(wish: Wish, names: Sequence[str]) -> Wish:
    """The wish with what its sentence says of the model, the versions in the order said, the margin and the insisting.

    A model is named by its whole name, or by the part before the last dash when no other name begins with that.
    """
    rest = wish.sentence
    for known in sorted(names, key=len, reverse=True):
        rest = re.sub(re.escape(known), " ", rest, flags=re.IGNORECASE)
    margin = _MARGIN.search(rest)
    said = float(margin[1] or margin[2]) if margin else None
    return replace(
        wish,
        name=wish.name or _named(wish.sentence, names),
        versions=wish.versions or _versions(rest),
        force=wish.force or bool(_FORCE.search(_NOT_FORCE.sub(" ", rest))),
        margin=said if wish.margin is None else wish.margin,
    )


def choose_name(wish: Wish, names: Sequence[str], language: Language) -> str:
    """The one registered model that an understood wish is about: the one it names, or the only one.

    Raises: NotFoundError for a name that is not registered; NeedsInputError asking which of several.
    """
    listed = ", ".join(names)
    if wish.name is not None and names and wish.name not in names:
        raise NotFoundError(
            say(
                language,
                en="No model named '{name}' is registered; there are: {names}.",
                ko="'{name}' 이름으로 등록된 모델이 없습니다. 등록된 모델: {names}.",
                name=wish.name,
                names=listed,
            )
        )
    if not names:
        raise BadInputError(
            say(
                language,
                en="No model is registered yet. Train one and register it first.",
                ko="아직 등록된 모델이 없습니다. 먼저 모델을 학습해 등록해 주십시오.",
            )
        )
    if wish.name is None and len(names) > 1:
        raise NeedsInputError(
            say(
                language,
                en="Which model do you mean? Registered are: {names}.",
                ko="어느 모델을 말씀하시나요? 등록된 모델: {names}.",
                names=listed,
            )
        )
    return wish.name or names[0]


def _named(sentence: str, names: Sequence[str]) -> str | None:
    said = sentence.casefold()
    whole = [name for name in names if _says(said, name.casefold())]
    if whole:
        return max(whole, key=len)
    stems: dict[str, list[str]] = {}
    for name in names:
        stems.setdefault(name.casefold().rpartition("-")[0], []).append(name)
    found = [known[0] for stem, known in stems.items() if stem and len(known) == 1 and _says(said, stem)]
    return found[0] if len(found) == 1 else None


def _says(said: str, name: str) -> bool:
    """Whether the name stands there as a word of its own; a Korean particle may follow."""
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![a-z0-9_-])", said))


def _versions(sentence: str) -> tuple[str, ...]:
    found: list[tuple[int, str]] = []
    for match in _AFTER.finditer(sentence):
        found.append((match.start(1), match[1]))
        found += [(match.start(2) + other.start(), other[0]) for other in _NUMBER.finditer(match[2])]
    found += [(match.start(1), match[1]) for match in _BEFORE.finditer(sentence)]
    return tuple(dict.fromkeys(str(int(number)) for _, number in sorted(found)))
