"""Several files of one schema as one table, with a column that names the file of each row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from .account import Account
from .batches import Batch, Found, Plain, Source
from .contract import NamedFile, Options
from .headers import unique_names
from .noise import tidy
from .refusal import SourceRefused

FILE_COLUMN = "source_file"
_MOST_NAMED = 5


@dataclass
class FileSet:
    """The files known together as `name`, or the like tables of one file; `label` is the column that names each row's.

    `accounts` holds what became of the rows of those that have been read.
    """

    name: str
    files: Sequence[NamedFile]
    options: Options
    accounts: dict[str, Account] = field(default_factory=dict)
    label: str = FILE_COLUMN

    def as_table(self, tables: Mapping[str, Found]) -> Found:
        """One table with the rows of the files' tables in order.

        Raises: BadInputError, naming the files and columns that differ, when they have not the same columns.
        """
        names = self._names(tables)
        return Found(self.name, lambda plain: self._open(tables, plain, names))

    def as_data(self) -> list[dict[str, Any]]:
        """The account of each file as JSON."""
        return [{"name": name, "rows": account.as_data()} for name, account in self.accounts.items()]

    def _names(self, tables: Mapping[str, Found]) -> list[str]:
        first: list[str] | None = None
        model = ""
        differing: list[str] = []
        for file, found in tables.items():
            source = found.open({})
            source.close()
            if first is None:
                first, model = source.names, file
            elif set(source.names) != set(first):
                differing.append(_difference(file, source.names, first))
        if differing:
            raise SourceRefused(
                "The files have not the same columns. Compared with {model}: {listed}. Send files of one kind together.",
                "파일들의 열이 서로 다릅니다. {model}(과/와) 비교하면: {listed}. 같은 종류의 파일만 함께 보내 주십시오.",
                model=model,
                listed="; ".join(differing[:_MOST_NAMED]) + ("; …" if len(differing) > _MOST_NAMED else ""),
            )
        return first or []

    def _open(self, tables: Mapping[str, Found], plain: Plain, names: list[str]) -> Source:
        account = Account()
        self.accounts.clear()
        label = unique_names([*names, self.label])[-1]
        details: dict[str, Any] = {"stacked_by": self.label}
        header = [[*names, self.label]]
        progress = _Progress(len(tables))
        several = _Reading(tables, plain, names)
        batches = self._batches(several, account, details, progress)
        return Source([*names, label], batches, account, details, header, progress.fraction)

    def _batches(
        self, reading: "_Reading", account: Account, details: dict[str, Any], progress: "_Progress"
    ) -> Iterator[Batch]:
        names = reading.names
        for file, found in reading.tables.items():
            source = found.open({})
            if source.names == names and reading.plain:
                source.close()
                source = found.open(reading.plain)
            details.update({name: value for name, value in source.details.items() if name not in details})
            progress.begin(source.consumed)
            places = [source.names.index(name) for name in names]
            for batch in tidy(source):
                label = pa.array(np.full(len(batch), file), pa.string())
                account.read += len(batch)
                yield Batch([*(batch.columns[place] for place in places), label], batch.numbers)
            account.read -= source.account.loaded
            account.absorb(source.account)
            self.accounts[file] = source.account


@dataclass(frozen=True)
class _Reading:
    """One reading of all tables; those whose columns are in the order of `names` may be parsed as `plain` types."""

    tables: Mapping[str, Found]
    plain: Plain
    names: list[str]


class _Progress:
    """How much of several files has been read, taking them for equally large."""

    def __init__(self, files: int) -> None:
        self._files = files
        self._done = -1
        self._current: Callable[[], float] = lambda: 0.0

    def begin(self, consumed: Callable[[], float]) -> None:
        self._done += 1
        self._current = consumed

    def fraction(self) -> float:
        return (max(0, self._done) + self._current()) / max(1, self._files)


def _difference(file: str, names: list[str], model: list[str]) -> str:
    missing = [name for name in model if name not in names]
    added = [name for name in names if name not in model]
    parts = [f"- {', '.join(missing[:_MOST_NAMED])}"] if missing else []
    parts += [f"+ {', '.join(added[:_MOST_NAMED])}"] if added else []
    return f"{file} ({'; '.join(parts)})"
