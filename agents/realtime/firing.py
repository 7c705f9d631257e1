"""The alerts of a watch that fire: one per key and kind, however many windows it lasts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from .baseline import MIN_WINDOWS, Usual
from .drift import Change
from .watch_models import StreamAlert
from .window import Window


@dataclass
class Firing:
    """Begins, continues and ends alerts as windows close; `total` numbers them."""

    total: int = 0
    alerts: dict[tuple[str, str], StreamAlert] = field(default_factory=dict)

    def stretch(
        self,
        kind: Literal["rule", "anomaly"],
        key: str,
        window: Window,
        level: float | None,
        usual: Usual | None,
        now: datetime,
    ) -> StreamAlert | None:
        """The alert of windows that meet the rule, or are unusual: begun, gone on, or ended when `level` is None."""
        going_on = self.alerts.pop((kind, key), None)
        if level is None:
            return going_on.model_copy(update={"ends_at": now}) if going_on else None
        latest: dict[str, Any] = {"level": level, "window_start_s": window.start, "window_end_s": window.end}
        if going_on is not None:
            alert = going_on.model_copy(update={**latest, "windows": going_on.windows + 1})
        else:
            alert = StreamAlert(
                number=self._next(),
                key=key,
                kind=kind,
                usual=usual.expected if usual else None,
                usual_low=usual.low if usual else None,
                usual_high=usual.high if usual else None,
                once_in=usual.once_in if usual else None,
                windows=1,
                starts_at=now,
                **latest,
            )
        self.alerts[kind, key] = alert
        return alert

    def moved(self, key: str, window: Window, change: Change | None, now: datetime) -> list[StreamAlert]:
        """The alerts of a level that moved: one ends when the new level has lasted for `MIN_WINDOWS` windows, or moves on."""
        going_on = self.alerts.pop(("drift", key), None)
        alerts = []
        if going_on is not None:
            alert = going_on.model_copy(update={"windows": going_on.windows + 1})
            if change is None and alert.windows < MIN_WINDOWS:
                self.alerts["drift", key] = alert
            else:
                alerts.append(alert.model_copy(update={"ends_at": now}))
        if change is not None:
            self.alerts["drift", key] = StreamAlert(
                number=self._next(),
                key=key,
                kind="drift",
                level=change.after,
                usual=change.before,
                usual_low=None,
                usual_high=None,
                test=change.test,
                since=change.since,
                window_start_s=window.start,
                window_end_s=window.end,
                windows=1,
                starts_at=now,
            )
            alerts.append(self.alerts["drift", key])
        return alerts

    def end_all(self, now: datetime) -> list[StreamAlert]:
        """Ends whatever fires."""
        ended = [alert.model_copy(update={"ends_at": now}) for alert in self.alerts.values()]
        self.alerts.clear()
        return ended

    def _next(self) -> int:
        self.total += 1
        return self.total
