"""HTTP APIs: every page of a resource as JSON Lines, asked for politely and from one origin only."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path, PurePosixPath
from typing import Any

import anyio
import anyio.to_thread
import httpx

from mesh.connections import Connection
from mesh.errors import BadInputError, DeadlineError, NotFoundError, TooLargeError
from mesh.language import Language, refused, say
from mesh.selection import Selection

from .landing import READ_SHARE, Landed, Limits, origin_of, unreachable
from .paging import Ask, first_ask, next_ask, records_of
from .requesting import Answer, Requester

MAX_PAGES = 10_000
_HALF_WAY = 10_000
_KNOCK_S = 20.0
_KNOCK_BYTES = 1 << 20
_SUFFIXES = {"text/csv": ".csv", "text/tab-separated-values": ".tsv", "application/x-ndjson": ".jsonl"}

Progress = Callable[[float, str], Awaitable[None]]


class WebApi:
    """One resource of an API while it is read."""

    def __init__(
        self, connection: Connection, limits: Limits, language: Language, progress: Progress
    ) -> None:
        self._connection = connection
        self._limits = limits
        self._language = language
        self._progress = progress

    async def read(self, selection: Selection, folder: Path) -> Landed:
        """All pages of the selected path in one file. A reply that is not JSON is taken as the file that it is.

        Raises: ForbiddenError, NotFoundError, BadInputError, TooLargeError, DeadlineError or UnavailableError.
        """
        try:
            with anyio.fail_after(self._limits.deadline_s):
                async with httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=30.0) as http:
                    return await self._pages(
                        Requester(self._connection, self._limits, http), selection, folder
                    )
        except TimeoutError:
            raise refused(
                DeadlineError,
                en="The connection '{name}' took longer than {seconds:g} s. Ask for less.",
                ko="'{name}' 연결이 {seconds:g}초를 넘겼습니다. 더 적은 양을 요청해 주십시오.",
                name=self._connection.name,
                seconds=self._limits.deadline_s,
            ) from None
        except httpx.HTTPError as error:
            raise unreachable(self._connection, error) from None

    async def _pages(self, api: Requester, selection: Selection, folder: Path) -> Landed:
        name, paging = selection.path or "/", self._connection.options.paging
        ask: Ask | None = first_ask(api.address(selection.path), selection.params or {}, paging)
        path, count, pages = folder / "landed.jsonl", 0, 0
        before = b""
        async with await anyio.open_file(path, "wb") as file:
            while ask is not None:
                answer = await api.get(ask)
                if _is_json(answer) and answer.body.lstrip().startswith(b"<"):
                    raise self._web_page(selection)
                if pages == 0 and not _is_json(answer):
                    return self._as_file(answer, selection, folder)
                if pages >= MAX_PAGES or (pages and answer.body == before):
                    raise self._endless()
                before = answer.body
                body, records = await anyio.to_thread.run_sync(self._parsed, answer.body)
                left = None if self._limits.records is None else self._limits.records - count
                await file.write(await anyio.to_thread.run_sync(_lines, records[:left]))
                count, pages = count + len(records[:left]), pages + 1
                await self._tell(count, name)
                if left is not None and len(records) >= left:
                    break
                ask = next_ask(ask, body, answer.linked, len(records), paging)
        if not count:
            raise BadInputError(
                say(
                    self._language,
                    en="{name} of the connection '{connection}' has no records. Ask for another path or other parameters.",
                    ko="'{connection}' 연결의 {name}에 레코드가 없습니다. 다른 경로나 매개변수를 지정해 주십시오.",
                    name=name,
                    connection=self._connection.name,
                )
            )
        limited = self._limits.records is not None and count >= self._limits.records
        origin = origin_of(self._connection, name, records=count, pages=pages, limited=limited)
        return Landed(path, f"{selection.name}.jsonl", origin)

    def _parsed(self, raw: bytes) -> tuple[Any, list[Any]]:
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            raise refused(
                BadInputError,
                en="The connection '{name}' answers with JSON that is not valid.",
                ko="'{name}' 연결이 올바르지 않은 JSON으로 응답합니다.",
                name=self._connection.name,
            ) from None
        return body, records_of(body, self._connection.options.paging)

    def _as_file(self, answer: Answer, selection: Selection, folder: Path) -> Landed:
        kind = answer.media_type
        if kind in ("text/html", "application/xhtml+xml"):
            raise self._web_page(selection)
        suffix = _SUFFIXES.get(kind, "")
        name = selection.name if PurePosixPath(selection.name).suffix == suffix else selection.name + suffix
        path = folder / "landed"
        path.write_bytes(answer.body)
        origin = origin_of(self._connection, selection.path or "/", bytes=len(answer.body))
        return Landed(path, name, origin)

    def _web_page(self, selection: Selection) -> BadInputError:
        return refused(
            BadInputError,
            en="The connection '{name}' answers {path} with a web page, not with data. "
            "Check `path`, and whether the API wants a login.",
            ko="'{name}' 연결이 {path}에 데이터가 아니라 웹 페이지로 응답합니다. "
            "`path`와, API에 로그인이 필요한지 확인해 주십시오.",
            name=self._connection.name,
            path=selection.path or "/",
        )

    def _endless(self) -> BadInputError:
        return refused(
            BadInputError,
            en="The pages of the connection '{name}' repeat or do not end. Describe them with `paging`.",
            ko="'{name}' 연결의 페이지가 되풀이되거나 끝나지 않습니다. `paging`으로 알려 주십시오.",
            name=self._connection.name,
        )

    async def _tell(self, count: int, name: str) -> None:
        message = say(
            self._language,
            en="Read {count:,} records of {name}",
            ko="{name}에서 레코드 {count:,}건을 읽었습니다",
            count=count,
            name=name,
        )
        await self._progress(READ_SHARE * count / (count + _HALF_WAY), message)


async def knock(connection: Connection) -> None:
    """Asks an API for its address once; that there is nothing at the address itself is an answer too. Raises: MeshError."""
    limits = Limits(_KNOCK_S, _KNOCK_BYTES)
    try:
        with anyio.fail_after(_KNOCK_S):
            async with httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=_KNOCK_S) as http:
                api = Requester(connection, limits, http)
                await api.get(Ask(api.address(None), {}))
    except (NotFoundError, TooLargeError):
        return
    except TimeoutError:
        raise refused(
            DeadlineError,
            en="The connection '{name}' ({place}) did not answer within {seconds:g} s.",
            ko="'{name}' 연결({place})이 {seconds:g}초 안에 응답하지 않았습니다.",
            name=connection.name,
            place=connection.place,
            seconds=_KNOCK_S,
        ) from None
    except httpx.HTTPError as error:
        raise unreachable(connection, error) from None


def _is_json(answer: Answer) -> bool:
    return answer.media_type.endswith("json") and answer.media_type not in _SUFFIXES


def _lines(records: list[Any]) -> bytes:
    rows = (record if isinstance(record, dict) else {"value": record} for record in records)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8", "replace")
