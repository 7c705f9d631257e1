"""What serving asks of the registry, and the files of a version as they lie beside an endpoint."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from mesh.language import Language

DESCRIPTION, FILES, REFERENCE = "description.json", "files", "reference.parquet"
REFERENCE_ROWS = 20_000
_SEED = 1


@dataclass(frozen=True)
class Fetched:
    """A version on this host: its `model` output's data, and whether rows of its training data lie beside it.

    `champion` is the version that the registry's alias points at.
    """

    name: str
    version: int
    champion: int | None
    model: dict[str, Any]
    has_reference: bool


@dataclass(frozen=True)
class Meant:
    """The model and the version that a sentence speaks of; None where it does not."""

    name: str | None
    version: int | None


class Versions(Protocol):
    """The registry, as far as serving needs it."""

    def meant(self, sentence: str, names: Sequence[str]) -> Meant:
        """What a sentence says about models with these names."""

    async def names(self) -> list[str]:
        """The registered names."""

    async def fetch(self, name: str, version: int | None, folder: Path, language: Language) -> Fetched:
        """A version (the champion by default) in `folder`/<number>, which is complete as soon as it is there.

        Raises: BadInputError when there is no champion or no file; NotFoundError for a name or version that there is not.
        """

    async def newest(self, name: str) -> int | None:
        """The challenger: the newest version that is not the champion; None when there is none."""

    async def roll_back(self, name: str, version: int, reason: str, language: Language) -> int:
        """The champion after `version` was taken back; one that is another already is left alone.

        Raises: BadInputError when there was no champion before it.
        """

    async def promote(self, name: str, version: int, reason: str) -> None:
        """Makes `version` the champion, unless it is."""


def keep_reference(table: Path, folder: Path) -> None:
    """At most `REFERENCE_ROWS` rows of the training data beside a version, drawn with a seed, columns that the model takes."""
    import pandas as pd

    from mesh.scoring.description import describe

    frame = pd.read_parquet(table)
    known = describe(model_of(folder)).columns
    frame = frame[[name for name in known if name in frame]]
    if len(frame) > REFERENCE_ROWS:
        frame = frame.sample(REFERENCE_ROWS, random_state=_SEED)
    part = folder / f"{REFERENCE}.part"
    frame.to_parquet(part, index=False)
    part.replace(folder / REFERENCE)


def model_of(folder: Path) -> dict[str, Any]:
    """The data of the `model` output that a version's folder holds."""
    model: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    return model
