"""From a sentence and parameters to the specification of a watch."""

import hashlib
import re
from collections.abc import Sequence

from pydantic import Field

from mesh import Params
from mesh.language import Language

from .durations import parse_duration
from .live_watch import now_utc
from .rule_reading import read_request, read_rule
from .watch_models import WatchSpec
from .watch_setup import check_slide, default_slide, lateness_of

DEFAULT_WINDOW_S = 60.0
DEFAULT_PATIENCE_S = 600.0
_STOP = re.compile(
    r"\b(?:stop|end|cancel|remove|delete|quit|terminate|disable|mute|silence)\b|\bno more\b|\boff\b|"
    r"멈|중지|중단|그만|끝내|종료|해제|꺼|삭제",
    re.IGNORECASE,
)


class WatchParams(Params):
    """What to watch, where a sentence does not say it."""

    connection: str | None = Field(
        default=None,
        max_length=64,
        description="Named connection to read (SSE, WebSocket or Redis); without one events are pushed.",
    )
    stream: str | None = Field(
        default=None, max_length=512, description="Key of the stream, where the connection leads to Redis."
    )
    from_start: bool = Field(
        default=False, description="Read a Redis stream from its beginning instead of from now on."
    )
    rule: str | None = Field(
        default=None,
        max_length=500,
        description="Condition in words, such as 'the 5-minute average exceeds 100'.",
    )
    column: str | None = Field(
        default=None, max_length=200, description="Field with the values; found from the first event."
    )
    by: str | None = Field(
        default=None, max_length=200, description="Field whose values are watched each on their own."
    )
    items: str | None = Field(
        default=None,
        max_length=200,
        description="Field whose distinct and most frequent values are kept; the first text field by default.",
    )
    window: str | None = Field(
        default=None, description="Length of a window, such as 30s or 5m; 1m by default."
    )
    slide: str | None = Field(
        default=None, description="Distance between the starts of windows; the window's length by default."
    )
    session_gap: str | None = Field(
        default=None, description="Session windows: a session ends after this long without an event."
    )
    allowed_lateness: str | None = Field(
        default=None, description="How long windows wait for late events; 0 by default."
    )
    edge_patience: str | None = Field(
        default=None, description="How long windows wait for an edge that is silent; 10m by default."
    )


def spec_of(
    goal: str, language: Language, params: WatchParams, connections: Sequence[str], call_id: str
) -> WatchSpec:
    """The watch that a call asks for; the same call asks for the same id.

    Raises: BadInputError when a length or the rule cannot be read, or the slide does not fit the window.
    """
    asked = read_request(goal)
    rule = read_rule(params.rule) if params.rule else asked.rule
    in_rule = read_request(params.rule) if params.rule else asked
    window_s = in_rule.window_s or asked.window_s
    size_s = parse_duration(params.window) if params.window else window_s or DEFAULT_WINDOW_S
    if rule is not None and rule.statistic == "silence":
        rule = rule.model_copy(update={"threshold": size_s})
    gap_s = parse_duration(params.session_gap) if params.session_gap else size_s if asked.sessions else None
    slide_s = parse_duration(params.slide) if params.slide else asked.slide_s or default_slide(goal, size_s)
    check_slide(size_s, slide_s)
    return WatchSpec(
        id="w-" + hashlib.sha256(call_id.encode()).hexdigest()[:8],
        question=goal[:2000],
        language=language,
        created_at=now_utc(),
        connection=params.connection or _connection_in(goal, connections),
        stream_key=params.stream,
        from_start=params.from_start,
        column=params.column,
        by=params.by or in_rule.by or asked.by,
        items=params.items or in_rule.items or asked.items,
        size_s=size_s,
        slide_s=slide_s,
        gap_s=gap_s,
        lateness_s=lateness_of(params.allowed_lateness),
        patience_s=parse_duration(params.edge_patience) if params.edge_patience else DEFAULT_PATIENCE_S,
        rule=rule,
    )


def watch_to_stop(goal: str, ids: Sequence[str]) -> str | None:
    """The watch whose id a sentence holds; the only one when the sentence plainly says to stop it."""
    named = next((id_ for id_ in ids if id_ in goal), None)
    return named or (ids[0] if len(ids) == 1 and _STOP.search(goal) else None)


def _connection_in(goal: str, connections: Sequence[str]) -> str | None:
    """The connection that a sentence names as a word of its own; the longest when there are several."""
    named = [
        name
        for name in connections
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![A-Za-z0-9_-])", goal, re.IGNORECASE)
    ]
    return max(named, key=len, default=None)
