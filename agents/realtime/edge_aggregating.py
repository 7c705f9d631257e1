"""Events into panes, at the edge: the same windows as the watch's, one pane wide, written with each stretch of input."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mesh.streams.event import Event

from .edge_spool import Spool
from .fields import Fields, choose_fields, reading_of
from .window import MICRO, Window, WindowForm
from .windows import MAX_AHEAD_S, Windows

MAX_PANES_PER_BATCH = 200


class Aggregator:
    """Takes stretches of events in; what it closes waits in the spool. `asked` is the watch's form, as the watch gives it."""

    def __init__(self, spool: Spool, asked: dict[str, Any]) -> None:
        form = WindowForm(asked["size_s"], asked["slide_s"], asked["gap_s"], asked["lateness_s"])
        pane_s = form.panes[0] / MICRO
        self._spool = spool
        self._asked = asked
        self._edge = spool.edge()
        self._fields: Fields | None = spool.fact("fields") or asked["fields"]
        own = replace(form, size_s=pane_s, slide_s=pane_s)
        state = spool.fact("windows")
        self._windows = Windows.from_state(own, state, spool.panes()) if state else Windows(own)
        self._told = spool.fact("told") or [self._windows.late, self._windows.ahead]

    def take(self, events: Sequence[Event], facts: Mapping[str, Any]) -> int:
        """Takes events in, each id once, and keeps `facts` with them; how many were new. They are on disk when it returns."""
        ids = [event.id for event in events if event.id]
        unseen = self._spool.unseen(ids)
        closed, fresh, counted = list[tuple[str, Window]](), list[str](), 0
        for event in events:
            if event.id:
                if event.id not in unseen:
                    continue
                unseen.remove(event.id)
                fresh.append(event.id)
            counted += 1
            closed += self._add(event)
        self._write(closed, self._windows.promise(), {**facts, "arrived_s": time.time()}, fresh)
        return counted

    def let_time_pass(self) -> None:
        """Closes panes of a stream that runs beside the clock, when no event follows."""
        now_s, arrived_s = time.time(), self._spool.fact("arrived_s")
        form = self._windows.form
        if arrived_s is None or abs(arrived_s - self._windows.latest) > form.size_s + form.lateness_s:
            return
        if self._windows.ends_by(now_s - form.lateness_s):
            self._write(self._windows.advance(now_s - form.lateness_s), self._windows.promise(), {})

    def finish(self) -> None:
        """The input has ended: closes every pane."""
        closed = self._windows.advance(float("inf"))
        if closed:
            self._write(closed, max(pane.end for _, pane in closed), {})

    def _add(self, event: Event) -> list[tuple[str, Window]]:
        fields, when_s = self._settled(event), event.time.timestamp()
        if when_s - time.time() > MAX_AHEAD_S:
            self._windows.leave_out()
            return []
        return self._windows.add(when_s, *reading_of(fields, event.fields))

    def _settled(self, event: Event) -> Fields:
        """The fields of the values, the key and the items: the watch's, else by the first event as the watch would."""
        if self._fields is None:
            asked = self._asked
            self._fields = choose_fields(
                asked["question"], asked["column"], asked["by"], asked["items"], event.fields
            )
        return self._fields

    def _write(
        self,
        closed: Sequence[tuple[str, Window]],
        watermark: float,
        facts: dict[str, Any],
        ids: Sequence[str] = (),
    ) -> None:
        late, ahead = self._windows.late - self._told[0], self._windows.ahead - self._told[1]
        batches: list[dict[str, Any]] = []
        for start in range(0, len(closed), MAX_PANES_PER_BATCH):
            part = closed[start : start + MAX_PANES_PER_BATCH]
            panes = [[key, pane.state()] for key, pane in part]
            batches.append({"edge": self._edge, "fields": self._fields, "panes": panes})
        if batches:
            batches[-1] |= {"watermark": watermark, "late": late, "ahead": ahead}
            self._told = [self._windows.late, self._windows.ahead]
        panes_now = {name: self._windows.pane_state(*name) for name in self._windows.changed}
        self._windows.changed.clear()
        state = {"windows": self._windows.state(), "fields": self._fields, "told": self._told}
        self._spool.commit({**facts, **state}, panes_now, batches, ids)
