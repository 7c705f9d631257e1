"""Conditions on labels, such as `alertname="ServiceDown"` or `service=~"a|b"`. Pure.

Regular expressions are RE2's, as in Alertmanager: anchored at both ends, and linear in the text whatever they are.
"""

import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2  # type: ignore[import-untyped]

from mesh.errors import InvalidRequestError

from .labels import Labels
from .models import MatcherModel

_FILTER = re.compile(
    r'\s*\{?\s*(?P<name>"(?:[^"\\]|\\.)*"|[^\s="!~{}]+)\s*(?P<op>=~|!~|!=|=)\s*(?P<value>.*?)\s*\}?\s*',
    re.DOTALL,
)


@dataclass(frozen=True)
class Matcher:
    """`name` against `value`: equal or not, as text or as a regular expression. An absent label is the empty text."""

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def matches(self, labels: Labels) -> bool:
        """Whether the label set fulfils the condition."""
        actual = labels.get(self.name, "")
        if self.is_regex:
            return (_compiled(self.value).fullmatch(actual) is not None) == self.is_equal
        return (actual == self.value) == self.is_equal


def matcher_of(model: MatcherModel) -> Matcher:
    """The condition that the API's model describes. Raises: InvalidRequestError for a bad regular expression."""
    matcher = Matcher(model.name, model.value, model.is_regex, model.is_equal)
    if matcher.is_regex:
        _compiled(matcher.value)
    return matcher


def parse_matcher(text: str) -> Matcher:
    """The condition in a `filter` parameter. Raises: InvalidRequestError."""
    found = _FILTER.fullmatch(text)
    if found is None or len(text) > 4096:
        raise InvalidRequestError(
            f'{text[:200]!r} is no matcher; write it like service="hub" or alertname=~"A|B".'
        )
    operator = found["op"]
    return matcher_of(
        MatcherModel(
            name=_unquoted(found["name"]),
            value=_unquoted(found["value"]),
            is_regex=operator.endswith("~"),
            is_equal=not operator.startswith("!"),
        )
    )


def all_match(matchers: Iterable[Matcher], labels: Labels) -> bool:
    """Whether the label set fulfils every condition."""
    return all(matcher.matches(labels) for matcher in matchers)


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        raise InvalidRequestError(f"{text[:200]!r} is not a well-formed quoted text.") from None


@functools.lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise InvalidRequestError(f"{pattern[:200]!r} is not a regular expression: {error}.") from None
