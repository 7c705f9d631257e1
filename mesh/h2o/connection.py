"""A connection to a running H2O cluster. Nothing is sent anywhere else, and nothing is shut down at its end."""

import contextlib
import io
import os
import warnings
from collections.abc import Iterator
from typing import Any

from .address import H2OAddress

_open: list[Any] = []


@contextlib.contextmanager
def connected(address: H2OAddress) -> Iterator[Any]:
    """The `h2o` module, connected to the cluster.

    A process has one current connection, the one that was opened last and is not closed.
    """
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    with quiet():
        import h2o

        h2o.connect(url=address.url, auth=(address.user, address.password), verbose=False, telemetry=False)
        h2o.no_progress()
        own = h2o.connection()
        _open.append(own)
        try:
            yield h2o
        finally:
            _open.remove(own)
            with contextlib.suppress(h2o.exceptions.H2OError, OSError):
                own.close()
            if _open:
                h2o.h2o.h2oconn = _open[-1]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without what the H2O client prints and warns: its build age, its progress bars, its conversion hints.

    One such block is around the whole session, because both of these are switches of the process, not of a thread.
    """
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.filterwarnings("ignore", module=r"h2o(\..*)?$")
        yield


@contextlib.contextmanager
def refusable(h2o: Any) -> Iterator[None]:
    """What the cluster refuses, and its death, as a ValueError with its first line."""
    try:
        yield
    except (h2o.exceptions.H2OError, OSError) as error:
        raise ValueError(f"H2O: {str(error).strip().splitlines()[0]}") from error
