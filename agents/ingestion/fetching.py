"""Sources on the web: fetched into a local file, from public hosts only.

Every hop's host is resolved once and checked, and the connection goes to the address that was checked, so that neither
DNS rebinding nor a redirect reaches a private network.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import anyio
import httpx

from mesh.addresses import pin_address
from mesh.errors import (
    DeadlineError,
    ForbiddenError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from mesh.language import refused

from .refusal import SourceRefused

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class Fetched:
    """A fetched source: its local `path`, the `name` the server or the address gives it, its final address without query."""

    path: Path
    name: str
    address: str


@dataclass(frozen=True)
class Limits:
    """Longest time and largest size of a fetch; `allow_hosts` may be reached although they are not public."""

    deadline_s: float
    size_bytes: int
    allow_hosts: Collection[str] = ()


async def fetch(
    url: str, folder: Path, limits: Limits, progress: Callable[[float], Awaitable[None]]
) -> Fetched:
    """Download `url` into `folder`.

    Args: `progress` gets the fraction of the announced size, when the server announces one.
    Raises: ForbiddenError for a host that is not public or another scheme, on any hop; TooLargeError, DeadlineError,
    NotFoundError, SourceRefused (the server refuses, or sends a web page), UnavailableError (it cannot be reached).
    """
    try:
        with anyio.fail_after(limits.deadline_s):
            async with httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=30.0) as http:
                return await _follow(http, url, folder, limits, progress)
    except TimeoutError:
        raise refused(
            DeadlineError,
            en="{url} took longer than {seconds:g} s. Try again later.",
            ko="{url} 주소가 {seconds:g}초를 넘겼습니다. 나중에 다시 시도해 주십시오.",
            url=_shown(url),
            seconds=limits.deadline_s,
        ) from None
    except httpx.HTTPError as error:
        raise refused(
            UnavailableError,
            en="{url} cannot be fetched: {error}. Try again later.",
            ko="{url} 주소에서 내려받을 수 없습니다: {error}. 나중에 다시 시도해 주십시오.",
            url=_shown(url),
            error=type(error).__name__,
        ) from None


async def _follow(
    http: httpx.AsyncClient,
    url: str,
    folder: Path,
    limits: Limits,
    progress: Callable[[float], Awaitable[None]],
) -> Fetched:
    for _ in range(MAX_REDIRECTS + 1):
        pinned = await pin_address(url, limits.allow_hosts)
        request = http.build_request(
            "GET",
            pinned.url,
            headers={"Host": pinned.host_header, "Accept-Encoding": "identity", "User-Agent": "a2a-mesh"},
            extensions={"sni_hostname": pinned.hostname},
        )
        response = await http.send(request, stream=True)
        try:
            if response.status_code not in _REDIRECTS:
                _check(response, url)
                return await _save(response, url, folder, limits, progress)
            url = _next(response, url)
        finally:
            await response.aclose()
    raise SourceRefused(
        "{url} redirects more than {most} times. Give the address of the file itself.",
        "{url} 주소가 {most}번 넘게 다른 곳으로 넘어갑니다. 파일의 주소를 직접 알려 주십시오.",
        url=_shown(url),
        most=MAX_REDIRECTS,
    )


def _next(response: httpx.Response, url: str) -> str:
    target: str = urljoin(url, str(response.headers.get("location", "")))
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme == "http":
        raise refused(
            ForbiddenError,
            en="{url} redirects from https to http. Give the address of the file itself.",
            ko="{url} 주소가 https에서 http로 넘어갑니다. 파일의 주소를 직접 알려 주십시오.",
            url=_shown(url),
        )
    return target


def _check(response: httpx.Response, url: str) -> None:
    status = response.status_code
    if status in (404, 410):
        raise refused(
            NotFoundError,
            en="There is nothing at {url} (HTTP {status}). Check the address.",
            ko="{url} 주소에는 아무것도 없습니다(HTTP {status}). 주소를 확인해 주십시오.",
            url=_shown(url),
            status=status,
        )
    if status in (401, 403):
        raise SourceRefused(
            "{url} needs a login (HTTP {status}). Download the file and send it instead.",
            "{url} 주소는 로그인이 필요합니다(HTTP {status}). 파일을 내려받아 보내 주십시오.",
            url=_shown(url),
            status=status,
        )
    if status == 429 or status >= 500:
        raise refused(
            UnavailableError,
            en="{url} answers with HTTP {status}. Try again later.",
            ko="{url} 주소가 HTTP {status}(으로/로) 응답합니다. 나중에 다시 시도해 주십시오.",
            url=_shown(url),
            status=status,
        )
    if status != 200:
        raise SourceRefused(
            "{url} answers with HTTP {status}. Give the address of the file itself.",
            "{url} 주소가 HTTP {status}(으로/로) 응답합니다. 파일의 주소를 직접 알려 주십시오.",
            url=_shown(url),
            status=status,
        )
    if response.headers.get("content-type", "").startswith(("text/html", "application/xhtml")):
        raise SourceRefused(
            "{url} is a web page, not a data file. Give the address of the file's download.",
            "{url} 주소는 데이터 파일이 아니라 웹 페이지입니다. 파일을 내려받는 주소를 알려 주십시오.",
            url=_shown(url),
        )


async def _save(
    response: httpx.Response,
    url: str,
    folder: Path,
    limits: Limits,
    progress: Callable[[float], Awaitable[None]],
) -> Fetched:
    announced = response.headers.get("content-length", "")
    expected = int(announced) if announced.isdigit() else None
    if expected is not None and expected > limits.size_bytes:
        raise _too_large(url, limits)
    path = folder / "fetched"
    size = 0
    async with await anyio.open_file(path, "wb") as file:
        async for chunk in response.aiter_raw(_CHUNK_BYTES):
            size += len(chunk)
            if size > limits.size_bytes:
                raise _too_large(url, limits)
            await file.write(chunk)
            await progress(min(1.0, size / expected) if expected else 0.0)
    return Fetched(path, _name(response, url), _shown(url))


def _too_large(url: str, limits: Limits) -> TooLargeError:
    return refused(
        TooLargeError,
        en="{url} is larger than the limit of {limit:,} bytes (MESH_MAX_UPLOAD_BYTES).",
        ko="{url} 파일이 한도 {limit:,}바이트(MESH_MAX_UPLOAD_BYTES)를 넘습니다.",
        url=_shown(url),
        limit=limits.size_bytes,
    )


def _name(response: httpx.Response, url: str) -> str:
    header = Message()
    header["content-disposition"] = response.headers.get("content-disposition", "")
    given = header.get_filename() or unquote(urlsplit(url).path)
    return str(PurePosixPath(str(given).replace("\\", "/")).name) or "download"


def _shown(url: str) -> str:
    """The address without query and fragment, which may hold secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
