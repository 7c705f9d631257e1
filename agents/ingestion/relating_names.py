"""How likely two column names mean the same key, by the names alone."""

import difflib
import re

_TOKEN = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[가-힣]+|\d+")
_KEY_WORD_LIST = "id ids key code no nr num number uid uuid pk fk sk ref 번호 코드 아이디 키 식별자"
_KEY_WORDS = frozenset(_KEY_WORD_LIST.split())
_KEY_ENDING = re.compile(r"(?<=[가-힣])(?:번호|코드|아이디|식별자|명|키)$")
_SAME, _SAME_THING, _IN_A_ROLE, _ALIKE, _PART = 1.0, 0.95, 0.7, 0.5, 0.4


def tokens_of(name: str) -> tuple[str, ...]:
    """The words of a column's or table's name in lower case, in the singular: `CustomerIds` is customer, id."""
    return tuple(_singular(token.lower()) for token in _TOKEN.findall(name))


def name_score(left: str, right: str, left_table: str = "", right_table: str = "") -> float:
    """How alike two column names are as names of one key, in [0, 1].

    1 for equal names, nearly so for the same thing called differently (`customer_no`, `CustomerID`, or `id` in the table
    customers); less for a thing in a role (`country`, `billing_country`), and little for what may be another thing
    (`InvoiceId`, `InvoiceLineId`) and for two bare words for a key (`id`, `id`): every table may have one.
    """
    first, second = tokens_of(left), tokens_of(right)
    if not first or not second:
        return _SAME if left.strip().lower() == right.strip().lower() else 0.0
    bases = _base(first), _base(second)
    if not bases[0] and not bases[1]:
        return _ALIKE
    if first == second:
        return _SAME
    if not bases[0]:
        return _SAME_THING if _means(bases[1], left_table) else 0.0
    if not bases[1]:
        return _SAME_THING if _means(bases[0], right_table) else 0.0
    if bases[0] == bases[1]:
        return _SAME_THING
    short, long = sorted(bases, key=len)
    if long[-len(short) :] == short:
        return _IN_A_ROLE
    if set(short) <= set(long):
        return _PART
    shared = len(set(bases[0]) & set(bases[1])) / len(set(bases[0]) | set(bases[1]))
    near = difflib.SequenceMatcher(None, "".join(bases[0]), "".join(bases[1])).ratio() >= 0.85
    return max(_PART * shared, _ALIKE if near else 0.0)


def is_key_name(name: str) -> bool:
    """Whether a name says that the column is a key: it holds a word such as id, code or 번호."""
    tokens = tokens_of(name)
    return any(token in _KEY_WORDS or _KEY_ENDING.search(token) for token in tokens)


def _base(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The words without those that only say that it is a key."""
    stripped = (_KEY_ENDING.sub("", token) for token in tokens if token not in _KEY_WORDS)
    return tuple(token for token in stripped if token)


def _means(base: tuple[str, ...], table: str) -> bool:
    """Whether the table is named for the thing: `customer` for the table customers, or crm_customers."""
    words = tokens_of(table)
    return bool(words) and base == words[-len(base) :]


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
