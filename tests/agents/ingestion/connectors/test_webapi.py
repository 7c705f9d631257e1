"""HTTP APIs on loopback: every page is read, with the login, from one origin, and politely."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from agents.ingestion.connectors.landing import Landed, Limits
from agents.ingestion.connectors.webapi import WebApi
from mesh.connections import Connection
from mesh.errors import (
    BadInputError,
    DeadlineError,
    ForbiddenError,
    MeshError,
    NotFoundError,
    SourceUnavailableError,
    TooLargeError,
)
from mesh.language import detect_language
from mesh.selection import Selection
from tests.agents.ingestion.connectors.reading import connection
from tests.gateway.servers import Served

TOKEN = "tok-letmein-123"
ORDERS = [{"id": number, "customer": {"city": "Seoul" if number % 2 else "부산"}} for number in range(25)]


class _Api:
    """An API that wants a token. It counts requests, and is busy for the first few of `/busy`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.logins: list[str] = []
        self.busy = 2
        self.url = ""
        paths = {
            "/v1/linked": self.linked,
            "/v1/cursor": self.cursor,
            "/v1/paged": self.paged,
            "/v1/busy": self.sometimes,
            "/v1/same": self.same,
            "/v1/moved": lambda request: RedirectResponse(f"/v1/cursor?{request.url.query}"),
            "/v1/away": lambda _: RedirectResponse("http://127.0.0.1:1/v1/cursor"),
            "/v1/wait": lambda _: Response(status_code=429, headers={"Retry-After": "3600"}),
            "/v1/page": lambda _: Response("<html>", media_type="text/html"),
            "/v1/file": lambda _: Response("a,b\n1,2\n", media_type="text/csv"),
            "/v1/broken": lambda _: Response("{", media_type="application/json"),
            "/v1/empty": lambda _: JSONResponse({"data": []}),
            "/v1/wrong": lambda request: JSONResponse({"error": request.headers["authorization"]}, 400),
        }
        routes = [Route(path, self._guarded(endpoint)) for path, endpoint in paths.items()]
        self.app = Starlette(routes=routes)

    def _guarded(self, endpoint: Any) -> Any:
        async def answer(request: Request) -> Response:
            self.asked.append(request.url.path)
            self.logins.append(request.headers.get("authorization", ""))
            if (
                TOKEN not in self.logins[-1]
                and "cHc=" not in self.logins[-1]
                and "bWU6" not in self.logins[-1]
            ):
                return JSONResponse({"error": "who are you?"}, 401)
            reply: Response = endpoint(request)
            return reply

        return answer

    def linked(self, request: Request) -> Response:
        start = int(request.query_params.get("start", 0))
        headers = {"Link": f'<{self.url}v1/linked?start={start + 10}>; rel="next"'} if start < 20 else {}
        return JSONResponse(ORDERS[start : start + 10], headers=headers)

    def cursor(self, request: Request) -> Response:
        start = int(request.query_params.get("cursor", 0))
        following = str(start + 10) if start < 20 else None
        return JSONResponse({"data": ORDERS[start : start + 10], "next_cursor": following})

    def paged(self, request: Request) -> Response:
        page, size = (int(request.query_params[name]) for name in ("p", "size"))
        return JSONResponse(
            {"items": ORDERS[(page - 1) * size : page * size], "q": request.query_params["q"]}
        )

    def sometimes(self, request: Request) -> Response:
        self.busy -= 1
        if self.busy >= 0:
            return Response(status_code=503 if self.busy else 429, headers={"Retry-After": "0"})
        return JSONResponse(ORDERS)

    def same(self, request: Request) -> Response:
        return JSONResponse({"data": ORDERS, "next_cursor": "again"})


@pytest.fixture(scope="module")
def api() -> Iterator[_Api]:
    served = _Api()
    with Served(served.app) as server:
        served.url = server.url
        yield served


def place(api: _Api, **paging: Any) -> Connection:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return connection(f"{api.url}v1", "api", headers=headers, paging=paging)


def read(place: Connection, *, size: int = 10**6, deadline_s: float = 30, **selected: Any) -> Landed:
    told: list[float] = []

    async def progress(fraction: float, message: str) -> None:
        told.append(fraction)

    selection = Selection(connection=place.name, **selected)
    limits = Limits(deadline_s, size, selection.limit)
    landed = anyio.run(WebApi(place, limits, "en", progress).read, selection, Path(tempfile.mkdtemp()))
    assert told == sorted(told)
    return landed


def rows(landed: Landed) -> list[Any]:
    return [json.loads(line) for line in landed.path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("path", "paging", "params"),
    [
        ("/linked", {}, None),
        ("/cursor", {"style": "cursor"}, None),
        ("/moved", {"style": "cursor"}, None),
        ("paged", {"style": "page", "parameter": "p", "size_parameter": "size", "size": 7}, {"q": "a&b"}),
        ("/busy", {}, None),
    ],
)
def test_every_page_is_read(
    api: _Api, path: str, paging: dict[str, Any], params: dict[str, str] | None
) -> None:
    landed = read(place(api, **paging), path=path, params=params)
    assert rows(landed) == ORDERS
    assert landed.origin["records"] == 25


def test_a_limit_stops_asking(api: _Api) -> None:
    api.asked.clear()
    landed = read(place(api), path="/linked", limit=12)
    assert rows(landed) == ORDERS[:12]
    assert len(api.asked) == 2


def test_a_file_is_taken_as_it_is(api: _Api) -> None:
    landed = read(place(api), path="/file")
    assert (landed.name, landed.path.read_text()) == ("file.csv", "a,b\n1,2\n")


def test_a_user_in_the_url_logs_in_by_basic_authentication(api: _Api) -> None:
    url = api.url.replace("http://", "http://me:p%40w@")
    assert rows(read(connection(f"{url}v1"), path="linked")) == ORDERS
    assert api.logins[-1] == "Basic bWU6cEB3"


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/nothing", NotFoundError, "nothing at this path"),
        ("/away", ForbiddenError, "Its login is not sent there"),
        ("/page", BadInputError, "web page"),
        ("/broken", BadInputError, "not valid"),
        ("/empty", BadInputError, "no records"),
        ("/wait", SourceUnavailableError, "wait 3600 s"),
        ("/same", BadInputError, "repeat or do not end"),
        ("/wrong", BadInputError, r"HTTP 400.*\*\*\*"),
        ("/../admin", BadInputError, "without '..'"),
        ("/x?token=1", BadInputError, "`params`"),
    ],
)
def test_what_goes_wrong_is_said_without_the_token(
    api: _Api, path: str, error: type[MeshError], words: str
) -> None:
    with pytest.raises(error, match=words) as refused:
        read(place(api, style="cursor"), path=path)
    assert TOKEN not in str(refused.value)
    refused.value.speak("ko")
    assert detect_language(refused.value.message) == "ko" or path == "/empty"
    assert TOKEN not in refused.value.message


@pytest.mark.parametrize(
    "path", ["//127.0.0.1:1/x", "@127.0.0.1:1/x", "http://127.0.0.1:1/x", "#x", "%2e%2e/x"]
)
def test_a_path_never_leads_to_another_host(api: _Api, path: str) -> None:
    with pytest.raises(NotFoundError):
        read(place(api), path=path)


def test_a_wrong_login_a_large_reply_and_a_dead_api(api: _Api) -> None:
    with pytest.raises(ForbiddenError, match="refuses the login"):
        read(connection(f"{api.url}v1"), path="/linked")
    with pytest.raises(TooLargeError, match="100 bytes"):
        read(place(api), path="/linked", size=100)
    with pytest.raises((SourceUnavailableError, DeadlineError)):
        read(connection("http://127.0.0.1:1/v1"), path="/x", deadline_s=0.3)
