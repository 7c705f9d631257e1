"""Showing an analysis while it runs: bars on a terminal, plain lines elsewhere. Everything goes to standard error."""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

from mesh.analysis import Analysis

from .gateway import GatewayClient
from .tracking import StepLine, Tracker

_LEARN_EVERY_S = 1.0


class Display(Protocol):
    """Something that shows a tracker, between `__enter__` and `__exit__`."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, tracker: Tracker) -> None:
        """Bring what is seen up to date."""


def watch(gateway: GatewayClient, analysis_id: str, display: Display) -> Analysis:
    """Show the analysis until it has ended; the analysis as it is then."""
    tracker, learnt = Tracker(), 0.0
    with display:
        for event in gateway.events(analysis_id):
            new_step = event.step is not None and event.step not in tracker.steps
            if new_step or time.monotonic() - learnt > _LEARN_EVERY_S:
                tracker.learn(gateway.analysis(analysis_id))
                learnt = time.monotonic()
            tracker.see(event)
            display.show(tracker)
        analysis = gateway.analysis(analysis_id)
        tracker.learn(analysis)
        display.show(tracker)
    return analysis


def display_for(*, quiet: bool) -> Display:
    """Bars on a terminal; elsewhere lines, or nothing when `quiet`."""
    if sys.stderr.isatty():
        return Bars()
    return Nothing() if quiet else Lines()


class Nothing:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, tracker: Tracker) -> None:
        """Show nothing."""


class Lines(Nothing):
    """One line for every new message, for logs and pipes."""

    def __init__(self) -> None:
        self._shown: set[tuple[str, str]] = set()

    def show(self, tracker: Tracker) -> None:
        """Print the messages that have not been printed yet."""
        heard = [("", "", "", tracker.message)]
        heard += [(line.id, line.stage, line.agent, line.message) for line in tracker.steps.values()]
        for step, stage, agent, message in heard:
            if message and (step, message) not in self._shown:
                self._shown.add((step, message))
                label = f"{stage} · {agent}: " if stage else ""
                print(f"[{tracker.overall:3.0f} %] {label}{message}", file=sys.stderr, flush=True)


class Bars(Nothing):
    """A bar for the whole and one for each running step; a step that has ended leaves a line above them."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            SpinnerColumn,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.table import Column

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.fields[label]}", table_column=Column(no_wrap=True)),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[message]}", markup=False, table_column=Column(no_wrap=True, ratio=1)),
            console=Console(stderr=True),
            transient=True,
            expand=True,
        )
        self._bars = {"": self._progress.add_task("", total=100, label="[bold]mesh[/]", message="")}
        self._ended: set[str] = set()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, tracker: Tracker) -> None:
        """Move the bars; add those of new steps and remove those of ended ones."""
        self._progress.update(self._bars[""], completed=tracker.overall, message=tracker.message)
        for line in tracker.steps.values():
            if line.status == "running":
                self._run(line)
            elif line.id not in self._ended:
                self._end(line)

    def _run(self, line: StepLine) -> None:
        if line.id not in self._bars:
            self._bars[line.id] = self._progress.add_task("", total=1, label=line.stage, message="")
        self._progress.update(self._bars[line.id], completed=line.fraction, message=line.message)

    def _end(self, line: StepLine) -> None:
        from rich.markup import escape

        self._ended.add(line.id)
        if line.id in self._bars:
            self._progress.remove_task(self._bars.pop(line.id))
        mark = "[green]✓[/]" if line.status == "completed" else "[red]✗[/]"
        took = "cached" if line.cached else "" if line.seconds is None else f"{line.seconds:.1f} s"
        self._progress.console.print(
            f"{mark} {escape(line.stage)} [dim]{escape(line.agent)} {took}[/]  {escape(line.message)}",
            highlight=False,
        )
