"""Plain HTTP to a service of the mesh: JSON, event streams and bytes, with errors turned back into the mesh's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from mesh.errors import (
    BadInputError,
    ConflictError,
    DeadlineError,
    ForbiddenError,
    InvalidRequestError,
    MeshError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnsupportedMediaError,
)

_CONNECT_TIMEOUT_S = 2.0
_READ_TIMEOUT_S = 10.0
IDLE_TIMEOUT_S = 60.0


class Upstream:
    """One service's plain-HTTP side. `http` is shared and closed by its owner."""

    def __init__(self, name: str, url: str, http: httpx.AsyncClient) -> None:
        self.name = name
        self.url = url.rstrip("/")
        self._http = http

    async def get_json(
        self, path: str, params: dict[str, Any] | None = None, *, timeout_s: float = _READ_TIMEOUT_S
    ) -> Any:
        """The JSON at `path`. Raises: the service's own error, or UnavailableError when it does not answer."""
        async with self.stream(path, params=params, timeout_s=timeout_s) as response:
            await response.aread()
            try:
                return response.json()
            except ValueError as error:
                raise UnavailableError(
                    f"The {self.name} service answered something that is not JSON."
                ) from error

    @asynccontextmanager
    async def stream(
        self,
        path: str,
        *,
        method: str = "GET",
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = IDLE_TIMEOUT_S,
    ) -> AsyncIterator[httpx.Response]:
        """The successful response at `path`, its body still to be read; `timeout_s` bounds each silence.

        Raises: the service's own error for a status of 400 and above; UnavailableError when it does not answer,
        also while the body is being read.
        """
        timeout = httpx.Timeout(timeout_s, connect=_CONNECT_TIMEOUT_S)
        given = {key: value for key, value in (params or {}).items() if value is not None}
        try:
            async with self._http.stream(
                method,
                self.url + path,
                params=given,
                headers={"accept-encoding": "identity", **(headers or {})},
                timeout=timeout,
            ) as response:
                if response.status_code >= 400 and response.status_code != 416:
                    await response.aread()
                    raise error_of(response, self.name)
                yield response
        except httpx.TimeoutException as error:
            raise DeadlineError(f"The {self.name} service did not answer in time. Try again.") from error
        except httpx.TransportError as error:
            raise UnavailableError(
                f"The {self.name} service cannot be reached ({type(error).__name__}). Try again in a moment."
            ) from error


def error_of(response: httpx.Response, name: str) -> MeshError:
    """The error that a problem response tells of, with its own words."""
    try:
        body = response.json()
    except ValueError:
        body = {}
    problem = body if isinstance(body, dict) else {}
    detail = str(problem.get("detail") or f"The {name} service answered {response.status_code}.")
    return error_class(response.status_code)(detail)


def error_class(status: int) -> type[MeshError]:
    """The class of the error tree for an HTTP status; the general one of its hundred when there is none."""
    return _BY_STATUS.get(status) or (InvalidRequestError if status < 500 else MeshError)


_BY_STATUS: dict[int, type[MeshError]] = {
    kind.status: kind
    for kind in (
        InvalidRequestError,
        ForbiddenError,
        NotFoundError,
        ConflictError,
        TooLargeError,
        UnsupportedMediaError,
        BadInputError,
        UnavailableError,
        DeadlineError,
    )
}
