"""A Python process inside walls that keeps its variables from one run to the next, and is killed with all it started."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from .contents import data_folder, is_within, made_files, remove
from .processes import descendants, memory_of, resident, stop, unlinked_bytes
from .walls import MARK, Walls, best_walls, hand_over

_PROC = Path("/proc")
_INSIDE = Path(__file__).with_name("inside")
_LAUNCH = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module('inside', run_name='__main__', alter_sys=True)"
)
_START_S = 60.0
_WATCH_S = 0.05
_LINE_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Limits:
    """What one run may use, with all the processes it starts. `processes` counts those beside the sandbox's own."""

    time_s: float = 60.0
    memory_bytes: int = 4 * 2**30
    file_bytes: int = 256 * 2**20
    folder_bytes: int = 1 * 2**30
    folder_entries: int = 20_000
    output_chars: int = 100_000
    processes: int = 32


@dataclass(frozen=True)
class CodeRun:
    """What became of a run.

    `value` is the last expression's as text, `table` the same as columns and rows when it is a data frame, `error` holds
    `type`, `message`, `line`, `code` and `traceback`, `left_out` counts bytes of output that were dropped. `stopped` says which
    limit ended the run and the sandbox with it: `time`, `memory`, `processes`, `disk` or `died`. `files` are what the run made,
    relative to its folder.
    `profile` and `digests` (of the variables, by name) are there when they were asked for, `peak_bytes` with the latter.
    """

    stdout: str = ""
    stderr: str = ""
    value: str | None = None
    table: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    left_out: int = 0
    seconds: float = 0.0
    stopped: str | None = None
    figures: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    profile: list[dict[str, Any]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    peak_bytes: int = 0

    @property
    def ok(self) -> bool:
        """Whether the code ran to its end without an error."""
        return self.error is None and self.stopped is None


_ANSWER = TypeAdapter(CodeRun)


class Sandbox:
    """One process inside walls and its folder. Use it as an async context manager, or `start` and `close` it.

    Between runs nothing goes on in it: processes that code started are killed, and threads that it left stand still. What it
    made is therefore safe to look at and to take.
    """

    def __init__(self, folder: Path, limits: Limits | None = None, walls: Walls | None = None) -> None:
        self.folder = folder.resolve()
        self.limits = limits or Limits()
        self.walls = walls or best_walls()
        self._process: asyncio.subprocess.Process | None = None
        self._user: int | None = None
        self._own: list[int] = []
        self._given: dict[str, Path] = {}
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def alive(self) -> bool:
        """Whether another run would find the variables of the last."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Starts the process and waits until it can run code. Raises: RuntimeError with what it said when it cannot."""
        self.folder.mkdir(parents=True, exist_ok=True)
        code = self.folder / ".inside"
        shutil.copytree(
            _INSIDE, code / "inside", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
        environment = self.walls.environment(self.folder)
        self._user = self.walls.new_user()
        command = [
            sys.executable,
            "-I",
            "-c",
            _LAUNCH,
            str(self.walls.inside(self.folder) / code.name),
            *self._arguments(),
        ]
        hand_over(self.folder, self._user)
        self._process = await asyncio.create_subprocess_exec(
            *self.walls.command(command, self.folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env=environment,
            start_new_session=True,
            limit=_LINE_BYTES,
        )
        try:
            async with asyncio.timeout(_START_S):
                ready = await self._read()
        except TimeoutError:
            ready = None
        if not ready or not ready.get("ready"):
            complaint = await self._complaint()
            await self.close()
            raise RuntimeError(f"The sandbox did not start: {complaint or 'it gave no reason'}")
        walled = self.walls.kind == "bubblewrap"
        self._own = await asyncio.to_thread(descendants, self._process.pid) if walled else [self._process.pid]

    def _arguments(self) -> list[str]:
        """For the script inside; the limit on processes would count all of a person's where no namespace is between."""
        walled = self.walls.kind == "bubblewrap"
        processes = self.limits.processes if walled else -1
        user = -1 if self._user is None else self._user
        numbers = (self.limits.memory_bytes, self.limits.file_bytes, processes, user)
        return [*(str(number) for number in numbers), "walled" if walled else "audit"]

    async def run(
        self,
        source: str,
        datasets: Mapping[str, Path] | None = None,
        *,
        profile: bool = False,
        digest: bool = False,
    ) -> CodeRun:
        """Runs `source` in the sandbox's namespace, with each Parquet file of `datasets` as a data frame of that name.

        Args: `profile` times the functions, which slows the run; `digest` takes digests of the variables it leaves.
        A run that breaks a limit ends the sandbox. Raises: RuntimeError when it is not running.
        """
        async with self._turn:
            if self._process is None or self._process.stdin is None or not self.alive:
                raise RuntimeError("The sandbox is not running.")
            given = await asyncio.to_thread(self._take_in, datasets or {})
            before = await asyncio.to_thread(made_files, self.folder)
            request = {"source": source, "output_chars": self.limits.output_chars, "datasets": given}
            request |= {"profile": profile, "digest": digest}
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._own[-1], signal.SIGCONT)
            with contextlib.suppress(ConnectionError):
                self._process.stdin.write(json.dumps(request).encode() + b"\n")
                await self._process.stdin.drain()
            run, stopped = await self._answer()
            if run is None:
                await self.close()
                return CodeRun(stopped=stopped, seconds=self.limits.time_s if stopped == "time" else 0.0)
            made = await asyncio.to_thread(made_files, self.folder)
            figures = [name for name in run.figures if name in made]
            return replace(run, figures=figures, files=sorted(made - before - set(figures)))

    async def close(self) -> None:
        """Kills the process and everything it started."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        while self.walls.kind == "process" and (left := self._members()):
            _kill(left)
            await asyncio.sleep(_WATCH_S)
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()

    async def _answer(self) -> tuple[CodeRun | None, str | None]:
        """The answer to the request just sent, or the limit that was broken; the sandbox is at rest then."""
        reading = asyncio.create_task(self._read())
        ends = asyncio.get_running_loop().time() + self.limits.time_s
        try:
            while True:
                done, _ = await asyncio.wait({reading}, timeout=_WATCH_S)
                if done:
                    await asyncio.to_thread(self._rest)
                if broken := await asyncio.to_thread(self._broken):
                    return None, broken
                if done:
                    run = _run_of(reading.result())
                    return run, None if run else "died"
                if asyncio.get_running_loop().time() >= ends:
                    return None, "time"
        finally:
            reading.cancel()

    def _broken(self) -> str | None:
        """The limit that is broken now."""
        members = self._members()
        if self.walls.kind == "process" and len(members) > self.limits.processes:
            return "processes"
        if resident(members) > self.limits.memory_bytes < memory_of(members):
            return "memory"
        if unlinked_bytes(members) > self.limits.folder_bytes:
            return "disk"
        within = is_within(self.folder, self.limits.folder_bytes, self.limits.folder_entries)
        return None if within else "disk"

    def _rest(self) -> None:
        """Has the sandbox's process stand still, and kills the others."""
        stop(self._own[-1])
        while left := [process_id for process_id in self._members() if process_id not in self._own]:
            _kill(left)

    async def _read(self) -> dict[str, Any] | None:
        """The next line as an object; None at the end, and for what is none: code can write to the channel too."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
            answer = json.loads(line)
        except (ValueError, RecursionError):
            return None
        return answer if isinstance(answer, dict) else None

    async def _complaint(self) -> str:
        assert self._process is not None
        assert self._process.stderr is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        return (await self._process.stderr.read(4000)).decode(errors="replace").strip()

    def _take_in(self, datasets: Mapping[str, Path]) -> dict[str, str]:
        """Copies the tables into the folder, where code may do with them as it likes; the new ones by name.

        A name is new when it stood for another file before.
        """
        data = data_folder(self.folder)
        new = {name: path for name, path in datasets.items() if self._given.get(name) != path}
        for name, path in new.items():
            target = data / f"{name}.parquet"
            remove(target)
            shutil.copyfile(path, target)
        hand_over(data, self._user)
        self._given |= new
        return {name: f"{data.name}/{name}.parquet" for name in new}

    def _members(self) -> list[int]:
        """The processes of this sandbox: all that its first one started, or those that carry its mark (Linux; none elsewhere)."""
        if self.walls.kind == "bubblewrap" and self._process is not None:
            return descendants(self._process.pid)
        if not _PROC.is_dir():
            return []
        mark = f"{MARK}={self.folder}".encode()
        found = []
        for entry in _PROC.iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found


def _run_of(answer: dict[str, Any] | None) -> CodeRun | None:
    """An answer of the process inside; None for what it cannot have written itself."""
    if answer is None or "figures" not in answer:
        return None
    try:
        return _ANSWER.validate_python(answer)
    except ValidationError:
        return None


def _kill(process_ids: Sequence[int]) -> None:
    for process_id in process_ids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process_id, signal.SIGKILL)
