"""What is written to a file descriptor, kept within bounds."""

import os
import threading

_READ_BYTES = 65536


class Outlet:
    """Takes what is written to one file descriptor and keeps the first and the last `limit / 2` characters of it."""

    def __init__(self, fd: int, limit: int) -> None:
        self._fd, self._half = fd, max(1, limit // 2)
        self._head, self._tail, self._size = bytearray(), bytearray(), 0
        self._saved = os.dup(fd)
        self._read, write = os.pipe()
        os.dup2(write, fd)
        os.close(write)
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        while chunk := os.read(self._read, _READ_BYTES):
            self._size += len(chunk)
            room = self._half - len(self._head)
            self._head += chunk[:room]
            self._tail = (self._tail + chunk[room:])[-self._half :]

    def close(self) -> tuple[str, int]:
        """Restores the descriptor; the text, and how many bytes of it were left out."""
        os.dup2(self._saved, self._fd)
        os.close(self._saved)
        self._thread.join(timeout=1.0)
        left_out = max(0, self._size - len(self._head) - len(self._tail))
        middle = f"\n… {left_out} bytes left out …\n" if left_out else ""
        return self._head.decode(errors="replace") + middle + self._tail.decode(errors="replace"), left_out
