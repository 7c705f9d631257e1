"""A small process beside a source, which aggregates events into panes and forwards these to a watch: no event is lost, and none
counts twice.

`python -m agents.realtime.edge http://127.0.0.1:8209/watches/ID events.jsonl`
"""

import argparse
import csv
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from mesh.streams.event import Event

from .edge_aggregating import Aggregator
from .edge_forwarding import Forwarder, RefusedError, Watch
from .edge_pushing import listen
from .edge_reading import LineReader, read_lines
from .edge_spool import Spool


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs an edge until its input ends and all is sent, or until it is interrupted. Returns the exit status."""
    asked = _parser().parse_args(arguments)
    if asked.input != "-" and not Path(asked.input).exists():
        _tell(f"There is no file {asked.input}.")
        return 1
    spool, watch = Spool(asked.spool), Watch(asked.watch)
    try:
        kept = spool.fact("watch") or {"url": asked.watch, "form": watch.form()}
        spool.keep("watch", kept)
    except (OSError, RefusedError) as error:
        _tell(f"The watch {asked.watch} does not say how it cuts its windows: {error}")
        return 1
    if kept["url"] != asked.watch:
        _tell(f"The spool {asked.spool} belongs to the watch {kept['url']}; give another one with --spool.")
        return 1
    edge = _Edge(spool, Aggregator(spool, kept["form"]), Forwarder(spool, watch), asked.speed)
    signal.signal(signal.SIGTERM, lambda *_: edge.stopping.set())
    try:
        return edge.run(asked)
    except KeyboardInterrupt:
        return 0
    finally:
        edge.end()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="edge", description="Aggregates events here and forwards them to a watch."
    )
    parser.add_argument(
        "watch", help="address of the watch, such as http://127.0.0.1:8209/watches/w-1a2b3c4d"
    )
    parser.add_argument(
        "input", nargs="?", default="-", help="file of JSON lines or CSV; - is standard input"
    )
    parser.add_argument("--spool", type=Path, default=Path("edge.db"), help="file for what is not sent yet")
    parser.add_argument("--follow", action="store_true", help="go on reading as the file grows")
    parser.add_argument(
        "--csv", action="store_true", help="the input is CSV with a header, whatever its name"
    )
    parser.add_argument("--speed", type=float, help="replay a file at this many times the pace of its events")
    parser.add_argument(
        "--listen", type=int, metavar="PORT", help="take events over HTTP instead of an input"
    )
    return parser


class _Edge:
    """The parts of an edge at work: one thread reads, one sends. `_place` names the fact that says how far a file was read."""

    def __init__(
        self, spool: Spool, aggregator: Aggregator, forwarder: Forwarder, speed: float | None
    ) -> None:
        self._spool, self._aggregator, self._forwarder, self._speed = spool, aggregator, forwarder, speed
        self._one_at_a_time = threading.Lock()
        self._sending = threading.Thread(target=forwarder.run, daemon=True)
        self._begun: tuple[float, float] | None = None
        self._place: str | None = None
        self.stopping = threading.Event()

    def run(self, asked: argparse.Namespace) -> int:
        """Reads until the end, then waits until all is sent. Returns the exit status."""
        self._sending.start()
        if asked.listen is not None:
            server = listen(asked.listen, self._take)
            _tell(f"Send events to http://127.0.0.1:{server.server_port}/events")
            while not self.stopping.wait(0.5) and self._sending.is_alive():
                self._idle()
            server.shutdown()
        else:
            self._read(asked)
        while self._spool.waiting() and self._sending.is_alive() and not self.stopping.is_set():
            self._forwarder.wake()
            self.stopping.wait(0.05)
        if self._forwarder.refusal is not None:
            _tell(self._forwarder.refusal)
            return 1
        return 0

    def end(self) -> None:
        """Stops sending, and closes the spool; what was not sent waits there."""
        self._forwarder.stop()
        if self._sending.is_alive():
            self._sending.join()
        self._spool.close()

    def _read(self, asked: argparse.Namespace) -> None:
        from_file = asked.input != "-"
        file = os.open(asked.input, os.O_RDONLY) if from_file else sys.stdin.fileno()
        place, header = 0, None
        if asked.csv or asked.input.endswith(".csv"):
            first = _first_line(file)
            header, place = next(csv.reader([first.decode("utf-8-sig").strip()])), len(first)
        if from_file:
            self._place = f"place in {Path(asked.input).resolve()}"
            kept = self._spool.fact(self._place) or 0
            # A file that has become shorter is another one.
            place = max(place, kept) if kept <= os.fstat(file).st_size else place
            os.lseek(file, place, os.SEEK_SET)
        reader = LineReader(header)
        for lines in read_lines(file, follow=asked.follow):
            if self.stopping.is_set() or not self._sending.is_alive():
                return
            place = self._stretch(reader, lines, place)
            if not lines:
                self._idle()
        with self._one_at_a_time:
            self._aggregator.finish()
        if reader.unreadable:
            _tell(f"{reader.unreadable:,} lines hold no event and were left out.")

    def _stretch(self, reader: LineReader, lines: Sequence[tuple[bytes, int]], place: int) -> int:
        """Takes in lines; the place behind them."""
        ready: list[Event] = []
        for line, length in lines:
            event = reader.event(line)
            if event is not None and self._speed and (early_s := self._early_s(event)) > 0:
                self._take(ready, place)
                ready = []
                self.stopping.wait(early_s)
            place += length
            if event is not None:
                ready.append(event)
        if lines:
            self._take(ready, place)
        return place

    def _early_s(self, event: Event) -> float:
        """How long until a replayed event is due."""
        now, when = time.monotonic(), event.time.timestamp()
        if self._begun is None:
            self._begun = now, when
        return self._begun[0] + (when - self._begun[1]) / (self._speed or 1.0) - now

    def _take(self, events: Sequence[Event], place: int = 0) -> int:
        with self._one_at_a_time:
            counted = self._aggregator.take(events, {} if self._place is None else {self._place: place})
        self._forwarder.wake()
        return counted

    def _idle(self) -> None:
        with self._one_at_a_time:
            self._aggregator.let_time_pass()
        self._forwarder.wake()


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _first_line(file: int) -> bytes:
    """The first line with its end, byte by byte: a pipe cannot be read back."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(file, 1)):
        line += byte
    return line


if __name__ == "__main__":
    sys.exit(main())
