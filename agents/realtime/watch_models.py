"""What was asked to be watched, and what is told when it happens."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from mesh.language import Language
from mesh.results import Model

from .rules import Rule
from .window import WindowForm


class WatchSpec(Model):
    """What was asked for. Without a `connection` events are pushed; without a `rule` windows unlike those before alert, and
    levels that move. An edge that is silent for `patience_s` is waited for no longer."""

    id: str
    question: str
    language: Language
    created_at: datetime
    connection: str | None = None
    stream_key: str | None = None
    from_start: bool = False
    column: str | None = None
    by: str | None = None
    items: str | None = None
    size_s: float
    slide_s: float
    gap_s: float | None = None
    lateness_s: float = 0.0
    patience_s: float = 600.0
    rule: Rule | None = None

    @property
    def form(self) -> WindowForm:
        """How its events are cut."""
        return WindowForm(self.size_s, self.slide_s, self.gap_s, self.lateness_s)


class StreamAlert(Model):
    """One stretch of windows of one key that met the rule, or were unlike those before, or the change of a level.

    `level` is that of the last such window. `usual`, between `usual_low` and `usual_high`, is what was expected of the first;
    None while there were too few windows. `once_in` says of how many windows one strays as far, when the tail tells. For a change
    `usual` is the level before it, `test` names what found it, and `since` says how many windows ago it began.
    """

    number: int
    key: str
    kind: Literal["rule", "anomaly", "drift"]
    level: float
    usual: float | None
    usual_low: float | None
    usual_high: float | None
    once_in: float | None = None
    test: str | None = None
    since: int | None = None
    window_start_s: float
    window_end_s: float
    windows: int
    starts_at: datetime
    ends_at: datetime | None = None


class PaneBatch(Model):
    """What an edge aggregated: closed panes with their keys, as `Window.state` has them, and how many events were late or ahead.

    Batches of an edge are numbered from 1. It sends no pane any more that ends at or before `watermark`. `fields` are those
    of the values, the key and the items.
    """

    edge: str = Field(min_length=1, max_length=64)
    number: int = Field(ge=1)
    fields: tuple[str | None, str | None, str | None]
    watermark: float | None = None
    late: int = Field(default=0, ge=0)
    ahead: int = Field(default=0, ge=0)
    panes: list[tuple[str, list[Any]]] = Field(default=[], max_length=5_000)
