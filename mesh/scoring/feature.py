"""One column of what a model takes, and the table's columns that it is made from."""

from datetime import datetime
from typing import Literal

from mesh.results import Model

DatePart = Literal["month", "weekday", "day", "hour", "days"]
RARE = "(other)"
MISSING = "(missing)"


class Feature(Model):
    """One column of a model's input.

    `source` is the table's column that it is made from. A `number` is a float, NaN where missing, read from a date when
    `part` is set (`days`: days since `origin`, or since the date in the column `since`). A `text` is a string, empty where
    missing. A `category` is a string: `MISSING` where missing, `RARE` where it is none of `levels`; without levels every value
    stays as it is. `more` says that the training knew values beyond the levels.
    """

    name: str
    source: str
    type: Literal["number", "category", "text"]
    part: DatePart | None = None
    origin: datetime | None = None
    since: str | None = None
    levels: tuple[str, ...] = ()
    more: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's columns that it is made from."""
        return (self.source,) if self.since is None else (self.source, self.since)
