"""What a running skill sees: its goal and inputs, progress, cancellation, computation and storage."""

import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import anyio.from_thread
import anyio.to_thread
from a2a.types import Part

from .compute import ComputeClient
from .errors import BadInputError
from .language import Language
from .results import Column, DatasetRef, FileRef, Output
from .storage import StorageClient

T = TypeVar("T")
PROGRESS_INTERVAL_S = 0.25


class Reporter(Protocol):
    """Where a running skill's progress and artifacts go."""

    async def progress(self, fraction: float, message: str) -> None:
        """Announces how far the work is."""

    async def artifact(
        self, parts: Sequence[Part], *, name: str, artifact_id: str | None, append: bool, last: bool
    ) -> None:
        """Publishes an artifact, or a chunk of one."""


class Inputs:
    """The inputs of a call by name."""

    def __init__(self, given: dict[str, list[Output]]) -> None:
        self._given = given

    def outputs(self, name: str) -> list[Output]:
        """Everything given under `name`; empty when nothing was."""
        return self._given.get(name, [])

    def output(self, name: str) -> Output | None:
        """The first thing given under `name`."""
        return next(iter(self.outputs(name)), None)

    def data(self, name: str) -> dict[str, Any] | None:
        """The structured result given under `name`."""
        output = self.output(name)
        return output.data if output else None

    def dataset(self, name: str = "dataset") -> DatasetRef:
        """The dataset given under `name`.

        Raises: BadInputError when there is none.
        """
        output = self.output(name)
        if output is None or output.dataset is None:
            raise BadInputError(f"This skill needs a dataset as its input {name!r}; send a file or name one.")
        return output.dataset

    def file(self, name: str = "source") -> FileRef:
        """The file given under `name`.

        Raises: BadInputError when there is none.
        """
        output = self.output(name)
        if output is None or output.file is None:
            raise BadInputError(
                f"This skill needs a file as its input {name!r}; send one, or its name or address."
            )
        return output.file

    def names(self) -> list[str]:
        """The names under which something was given."""
        return sorted(self._given)


class SkillContext:
    """One call of a skill, from the inside. `authenticated` says that the caller showed the mesh's token."""

    def __init__(
        self,
        *,
        goal: str,
        language: Language,
        inputs: Inputs,
        task_id: str,
        context_id: str,
        metadata: dict[str, Any],
        authenticated: bool = False,
        reporter: Reporter,
        compute: ComputeClient,
        storage: StorageClient,
        scratch_dir: Path,
    ) -> None:
        self.goal = goal
        self.language = language
        self.inputs = inputs
        self.task_id = task_id
        self.context_id = context_id
        self.analysis_id = str(metadata.get("analysis_id") or task_id)
        self.message_id = str(metadata.get("message_id", ""))
        self.metadata = metadata
        self.authenticated = authenticated
        self.storage = storage
        self._reporter = reporter
        self._compute = compute
        self._scratch_dir = scratch_dir
        self._workdir: Path | None = None
        self._reported_at = 0.0
        self._fraction = 0.0
        self._on_cancel: list[Callable[[], Awaitable[None]]] = []

    @property
    def workdir(self) -> Path:
        """A private folder for this call, removed when it ends."""
        if self._workdir is None:
            self._scratch_dir.mkdir(parents=True, exist_ok=True)
            self._workdir = Path(tempfile.mkdtemp(prefix="call-", dir=self._scratch_dir))
        return self._workdir

    async def progress(self, fraction: float, message: str) -> None:
        """Reports that `fraction` in [0, 1] of the work is done; never goes back, and is sent at most four times a second."""
        self._fraction = max(self._fraction, min(1.0, fraction))
        now = time.monotonic()
        if now - self._reported_at >= PROGRESS_INTERVAL_S or self._fraction >= 1.0:
            self._reported_at = now
            await self._reporter.progress(self._fraction, message)

    async def compute(
        self, fn: Callable[..., T], *args: Any, timeout_s: float | None = None, **kwargs: Any
    ) -> T:
        """The result of `fn(*args, **kwargs)` from a separate process; see `mesh.compute.ComputeClient.run`.

        Progress that `fn` reports through its `progress` parameter becomes this call's progress.
        """

        def forward(fraction: float, message: str) -> None:
            anyio.from_thread.run(self.progress, fraction, message)

        return await self._compute.run(fn, *args, timeout_s=timeout_s, on_progress=forward, **kwargs)

    async def local(self, ref: DatasetRef | FileRef) -> Path:
        """The referenced table (Parquet) or file as a readable local file."""
        return await self.storage.local(ref)

    async def save_file(self, path: Path, *, name: str, media_type: str) -> FileRef:
        """Puts a file into storage."""
        return await self.storage.put_file(path, name=name, media_type=media_type)

    async def save_dataset(self, path: Path, *, name: str, columns: list[Column], rows: int) -> DatasetRef:
        """Puts a Parquet file into storage as a dataset. The same bytes always get the same dataset id."""
        stored = await self.storage.put_file(
            path, name=f"{name}.parquet", media_type="application/vnd.apache.parquet"
        )
        if stored.sha256 is None or stored.bytes is None:
            raise BadInputError(f"Storage did not say what it stored for {name}.")
        return DatasetRef(
            id=f"ds-{stored.sha256[:16]}",
            name=name,
            uri=stored.uri,
            columns=columns,
            rows=rows,
            bytes=stored.bytes,
            sha256=stored.sha256,
        )

    async def artifact(
        self,
        *parts: Part,
        name: str = "",
        artifact_id: str | None = None,
        append: bool = False,
        last: bool = True,
    ) -> None:
        """Publishes an artifact at once, or a chunk of one when `append` is set."""
        await self._reporter.artifact(parts, name=name, artifact_id=artifact_id, append=append, last=last)

    def on_cancel(self, clean_up: Callable[[], Awaitable[None]]) -> None:
        """Has `clean_up` awaited when the caller cancels this call."""
        self._on_cancel.append(clean_up)

    async def run_cancel_hooks(self) -> None:
        """Awaits what `on_cancel` registered; called by the server."""
        for clean_up in self._on_cancel:
            await clean_up()

    async def close(self) -> None:
        """Removes the private folder; called by the server."""
        if self._workdir is not None:
            await anyio.to_thread.run_sync(lambda: shutil.rmtree(self._workdir or "", ignore_errors=True))
