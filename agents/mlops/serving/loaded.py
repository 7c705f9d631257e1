"""The versions that a scorer's process has opened, and their answers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from mesh.h2o.cluster import H2OCluster
from mesh.language import Language
from mesh.scoring.description import ModelDescription, describe
from mesh.scoring.scorer import PREDICTED, PROBABILITY, Scorer, open_scorer

from .requests import Row
from .versions import FILES, model_of


@dataclass(frozen=True)
class Scored:
    """Answers to some rows, in order: `predicted` for the log, `predictions` for the caller, `notes` on the rows."""

    predicted: list[str | float]
    predictions: list[dict[str, Any]]
    notes: list[str]


@dataclass
class LoadedVersion:
    """One version, open. It scores one request at a time, in a thread."""

    version: int
    scorer: Scorer
    folder: Path
    lock: anyio.Lock = field(default_factory=anyio.Lock)

    @property
    def description(self) -> ModelDescription:
        """What the model takes and gives."""
        return self.scorer.description

    async def score(self, rows: list[Row], language: Language) -> Scored:
        """The answers. Raises: BadInputError that names every missing column and every wrong type."""
        async with self.lock:
            return await anyio.to_thread.run_sync(self._score, rows, language)

    def _score(self, rows: list[Row], language: Language) -> Scored:
        import pandas as pd

        from mesh.scoring.rows import check_rows

        checked = check_rows(self.description, pd.DataFrame(rows), language)
        frame = self.scorer.score(checked.frame)
        answers = [
            dict(zip(map(str, frame.columns), row, strict=True)) for row in frame.itertuples(index=False)
        ]
        predictions = [_answer(number, answer) for number, answer in enumerate(answers)]
        return Scored([item[PREDICTED] for item in predictions], predictions, [n.text for n in checked.notes])


@asynccontextmanager
async def opened_version(
    version: int, folder: Path, token: str, cluster: H2OCluster
) -> AsyncIterator[LoadedVersion]:
    """A version of which `folder` holds the description and the files, until the block ends.

    Raises: BadInputError, ForbiddenError, UnavailableError as `mesh.scoring` does.
    """
    description = describe(model_of(folder))
    files = sorted((folder / FILES).iterdir())
    async with AsyncExitStack() as stack:
        address = None
        if description.engine == "h2o":
            address = await stack.enter_async_context(cluster.lease(f"serve{version}"))
        opening = open_scorer(description, files, token=token, h2o=address)
        scorer = await anyio.to_thread.run_sync(opening.__enter__)
        loaded = LoadedVersion(version, scorer, folder)
        try:
            yield loaded
        finally:
            with anyio.CancelScope(shield=True):
                async with loaded.lock:
                    await anyio.to_thread.run_sync(opening.__exit__, None, None, None)


def _answer(number: int, answer: dict[str, Any]) -> dict[str, Any]:
    """One row's answer, the probabilities by class."""
    shown: dict[str, Any] = {"row": number, PREDICTED: _plain(answer[PREDICTED])}
    probabilities = {
        name.removeprefix(PROBABILITY): float(value)
        for name, value in answer.items()
        if str(name).startswith(PROBABILITY)
    }
    if probabilities:
        return {**shown, "probabilities": probabilities}
    return {**shown, **{name: float(value) for name, value in answer.items() if name != PREDICTED}}


def _plain(value: Any) -> str | float:
    return value if isinstance(value, str) else float(value)
