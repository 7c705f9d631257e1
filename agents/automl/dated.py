"""A table whose dates stand in one column, and where they came from."""

from dataclasses import dataclass

import pandas as pd

from mesh.language import Language, say
from mesh.results import Column

_NAMED = 3


@dataclass(frozen=True)
class Dated:
    """`read` are the columns that the dates were read from; `target` holds the values of a table whose periods lay side by
    side, else None.
    """

    frame: pd.DataFrame
    columns: list[Column]
    read: list[str]
    target: str | None = None

    def note(self, language: Language) -> str:
        """Where the dates came from."""
        more = ", …" if len(self.read) > _NAMED else ""
        return say(
            language,
            en="The table has no column of dates; they were read from: {columns}.",
            ko="표에 날짜 열이 없어 다음 열에서 날짜를 읽었습니다: {columns}.",
            columns=", ".join(self.read[:_NAMED]) + more,
        )
