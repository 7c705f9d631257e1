"""Signals as something a selector can wait for."""

import contextlib
import os
import signal


class SignalPipe:
    """Catches `numbers` for this process; `read` gives those that came since."""

    def __init__(self, *numbers: signal.Signals) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for number in numbers:
            signal.signal(number, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)

    def fileno(self) -> int:
        """The file descriptor to wait on."""
        return self._reading

    def read(self) -> set[signal.Signals]:
        """The signals caught since the last call."""
        caught: set[signal.Signals] = set()
        with contextlib.suppress(BlockingIOError):
            while received := os.read(self._reading, 512):
                caught.update(signal.Signals(number) for number in received)
        return caught
