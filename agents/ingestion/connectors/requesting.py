"""Requests to one HTTP API: with its login, to its origin only, again when it is busy, within time and size."""

import base64
import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import anyio
import httpx

from mesh.addresses import pin_address
from mesh.connections import Connection
from mesh.errors import (
    BadInputError,
    ForbiddenError,
    NotFoundError,
    SourceUnavailableError,
    TooLargeError,
)
from mesh.language import refused

from .landing import Limits
from .paging import Ask

_TRIES = 5
_BACKOFF_FIRST_S = 0.5
_BACKOFF_CAP_S = 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """A reply of 200: its media type, its bytes, and the address of its Link header with rel=next."""

    media_type: str
    body: bytes
    linked: str | None


class Requester:
    """Asks one API. `http` is the caller's."""

    def __init__(self, connection: Connection, limits: Limits, http: httpx.AsyncClient) -> None:
        parts = urlsplit(connection.url)
        self._connection = connection
        self._limits = limits
        self._http = http
        self._left_bytes = limits.size_bytes
        self._deadline = time.monotonic() + limits.deadline_s
        self._base = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        self._headers = {"Accept": "application/json", "User-Agent": "a2a-mesh", **connection.options.headers}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"

    def address(self, path: str | None) -> str:
        """The address of a path below the connection's URL. Raises: BadInputError when it leads out of there."""
        given = path or ""
        if ".." in given.split("/") or "\\" in given or "?" in given:
            raise refused(
                BadInputError,
                en="The path of an API is below the connection's URL, without '..'; parameters go into `params`.",
                ko="API 경로는 연결의 URL 아래에 '..' 없이 적고, 매개변수는 `params`에 넣어 주십시오.",
            )
        tail = quote(given.lstrip("/"), safe="/%:@!$&'()*+,;=~")
        return f"{self._base.rstrip('/')}/{tail}" if tail else self._base

    async def get(self, ask: Ask) -> Answer:
        """The reply to `ask`, asked for again while the API is busy: as late as it wishes, else after growing pauses.

        Raises: ForbiddenError, NotFoundError, BadInputError, TooLargeError, SourceUnavailableError; httpx.HTTPError
        when it cannot be reached at all.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                response = await self._once(ask)
            except httpx.TransportError:
                if attempt == _TRIES:
                    raise
                await self._pause(attempt, None)
                continue
            if isinstance(response, Answer):
                return response
            status, retry_after = response
            if attempt < _TRIES:
                await self._pause(attempt, retry_after)
        raise refused(
            SourceUnavailableError,
            en="The connection '{name}' answers with HTTP {status} again and again. Try later.",
            ko="'{name}' 연결이 되풀이하여 HTTP {status}(으로/로) 응답합니다. 나중에 다시 시도해 주십시오.",
            name=self._connection.name,
            status=status,
        )

    async def _pause(self, attempt: int, asked_s: float | None) -> None:
        backoff_s = random.uniform(0.5, 1) * min(_BACKOFF_CAP_S, _BACKOFF_FIRST_S * 2 ** (attempt - 1))  # noqa: S311
        pause_s = backoff_s if asked_s is None else asked_s
        if time.monotonic() + pause_s > self._deadline:
            raise refused(
                SourceUnavailableError,
                en="The connection '{name}' asks to wait {seconds:.0f} s, longer than this step may take.",
                ko="'{name}' 연결이 {seconds:.0f}초를 기다리라고 하는데, 이 단계에 주어진 시간보다 깁니다.",
                name=self._connection.name,
                seconds=pause_s,
            )
        await anyio.sleep(pause_s)

    async def _once(self, ask: Ask) -> "Answer | tuple[int, float | None]":
        """The reply to one request, or the status of a busy API and how long it asks to be left alone."""
        url, params = ask.url, dict(ask.params)
        for _ in range(_TRIES):
            self._check_origin(url)
            pinned = await pin_address(url, {urlsplit(self._base).hostname or ""})
            request = self._http.build_request(
                "GET",
                httpx.URL(pinned.url).copy_merge_params(params),
                headers={**self._headers, "Host": pinned.host_header},
                extensions={"sni_hostname": pinned.hostname},
            )
            response = await self._http.send(request, stream=True)
            try:
                if response.status_code in _REDIRECTS:
                    url, params = str(httpx.URL(url).join(response.headers.get("location", ""))), {}
                    continue
                if response.status_code in _AGAIN:
                    return response.status_code, _seconds(response.headers.get("retry-after", ""))
                body = await self._body(response)
                self._check_status(response.status_code, body)
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                return Answer(kind, body, response.links.get("next", {}).get("url"))
            finally:
                await response.aclose()
        raise refused(
            SourceUnavailableError,
            en="The connection '{name}' redirects again and again.",
            ko="'{name}' 연결이 되풀이하여 다른 주소로 넘깁니다.",
            name=self._connection.name,
        )

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            self._left_bytes -= len(chunk)
            if self._left_bytes < 0:
                raise refused(
                    TooLargeError,
                    en="The connection '{name}' sends more than the limit of {limit:,} bytes (MESH_MAX_UPLOAD_BYTES). "
                    "Ask for less with params or limit.",
                    ko="'{name}' 연결이 한도 {limit:,}바이트(MESH_MAX_UPLOAD_BYTES)보다 많이 보냅니다. "
                    "params나 limit로 줄여 주십시오.",
                    name=self._connection.name,
                    limit=self._limits.size_bytes,
                )
        return bytes(body)

    def _check_status(self, status: int, body: bytes) -> None:
        if status == 200:
            return
        said = self._connection.redacted(" ".join(body.decode("utf-8", "replace").split()))[:200]
        facts = {"name": self._connection.name, "status": status, "said": said}
        if status in (401, 403):
            raise refused(
                ForbiddenError,
                en="The connection '{name}' refuses the login (HTTP {status}): {said}. Check its headers.",
                ko="'{name}' 연결이 로그인을 거부합니다(HTTP {status}): {said}. 헤더를 확인해 주십시오.",
                **facts,
            )
        if status in (404, 410):
            raise refused(
                NotFoundError,
                en="The connection '{name}' has nothing at this path (HTTP {status}). Check `path`.",
                ko="'{name}' 연결의 이 경로에는 아무것도 없습니다(HTTP {status}). `path`를 확인해 주십시오.",
                **facts,
            )
        raise refused(
            BadInputError,
            en="The connection '{name}' answers with HTTP {status}: {said}.",
            ko="'{name}' 연결이 HTTP {status}(으로/로) 응답합니다: {said}.",
            **facts,
        )

    def _check_origin(self, url: str) -> None:
        """The login is for one origin: a page or redirect that leads elsewhere is not followed."""
        here, there = urlsplit(self._base), urlsplit(url)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise refused(
                ForbiddenError,
                en="The connection '{name}' leads on to {place}, which is not where it is. Its login is not sent there.",
                ko="'{name}' 연결이 자신의 주소가 아닌 {place}(으로/로) 넘기려 합니다. 로그인 정보를 그곳에 보내지 않습니다.",
                name=self._connection.name,
                place=f"{there.scheme}://{there.hostname}",
            )


def _seconds(retry_after: str) -> float | None:
    """What Retry-After asks for: seconds, or until a date."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
