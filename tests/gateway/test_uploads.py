"""Files in forms: streamed to storage, within limits, and what is wrong with a form."""

import hashlib
import json
import threading
from collections.abc import AsyncIterator, Iterator

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.uploads import MultipartReader
from mesh.errors import InvalidRequestError
from tests.gateway.conftest import Mesh

CSV = "도시,값\n서울,1\n".encode()


def test_a_file_goes_to_storage_and_on(mesh: Mesh, http: httpx.Client) -> None:
    form = {"query": "q", "session_id": "se-9", "params": json.dumps({"horizon": 7})}
    reply = http.post("/analyze", data=form, files={"file": ("매출 2024.csv", CSV, "text/csv")})
    assert reply.status_code == 200, reply.text
    order = mesh.book.orders[reply.json()["id"]]
    (source,) = order.sources
    assert source.name == "매출 2024.csv"
    assert source.uri == f"mesh://objects/{hashlib.sha256(CSV).hexdigest()}"
    assert (order.params, order.session_id) == ({"horizon": 7}, "se-9")


def test_a_form_may_name_a_file_instead(mesh: Mesh, http: httpx.Client) -> None:
    files = {"query": (None, "q"), "data": (None, "sales.csv")}
    reply = http.post("/analyze", files=files)
    (source,) = mesh.book.orders[reply.json()["id"]].sources
    assert source.name == "sales.csv"


def test_a_form_may_have_several_sources_in_its_order(mesh: Mesh, http: httpx.Client) -> None:
    remote = json.dumps({"url": "http://93.184.215.14/prices.csv"})
    parts: list[tuple[str, tuple[str | None, str | bytes]]] = [
        ("query", (None, "q")),
        ("file", ("b.csv", CSV)),
        ("data", (None, "sales.csv")),
        ("data", (None, remote)),
        ("file", ("a.csv", CSV)),
    ]
    reply = http.post("/analyze", files=parts)
    assert reply.status_code == 200, reply.text
    names = [source.name for source in mesh.book.orders[reply.json()["id"]].sources]
    assert names == ["b.csv", "sales.csv", "prices.csv", "a.csv"]


def test_a_plan_takes_a_file_too(mesh: Mesh, http: httpx.Client) -> None:
    assert http.post("/plan", data={"query": "q"}, files={"file": ("a.csv", CSV)}).status_code == 200


def test_a_large_file_passes_in_small_pieces(mesh: Mesh, http: httpx.Client) -> None:
    content = b"a,b\n" + b"1,2\n" * 1_500_000
    reply = http.post("/analyze", data={"query": "q"}, files={"file": ("big.csv", content)})
    assert reply.status_code == 200, reply.text
    (source,) = mesh.book.orders[reply.json()["id"]].sources
    assert (source.bytes, source.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert mesh.storage.largest_chunk < 1_000_000


def test_a_file_waits_for_storage_to_come_back(mesh: Mesh, http: httpx.Client) -> None:
    mesh.storage_server.stop()
    replies: list[httpx.Response] = []

    def send() -> None:
        replies.append(http.post("/analyze", data={"query": "q"}, files={"file": ("a.csv", CSV)}))
        replies.append(http.post("/analyze", json={"query": "q", "data": {"inline": "a\n1"}}))

    sending = threading.Thread(target=send)
    sending.start()
    mesh.restart_storage()
    sending.join(60)
    assert [reply.status_code for reply in replies] == [200, 200]


def chunked(boundary: bytes, size: int) -> Iterator[bytes]:
    yield b"--" + boundary + b'\r\nContent-Disposition: form-data; name="query"\r\n\r\nq\r\n'
    yield b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    for _ in range(size // 2**16):
        yield b"x" * 2**16
    yield b"\r\n--" + boundary + b"--\r\n"


@pytest.mark.parametrize("stated", [True, False])
def test_a_file_over_the_limit_is_refused(mesh: Mesh, http: httpx.Client, stated: bool) -> None:
    size = mesh.settings.max_upload_bytes + 2 * 2**20
    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    if stated:
        headers["Content-Length"] = str(sum(len(chunk) for chunk in chunked(b"cut", size)))
    reply = http.post("/analyze", content=chunked(b"cut", size), headers=headers)
    assert reply.status_code == 413, reply.text
    assert mesh.book.orders == {}
    assert mesh.storage.names == []


@pytest.mark.parametrize(
    ("parts", "status", "words"),
    [
        ([("file", ("a.csv", b"a\n1"))], 400, "'query' is missing"),
        ([("query", (None, "q")), ("file", ("a.csv", b""))], 422, "is empty"),
        ([("query", (None, "q")), *[("file", ("a", b"1"))] * 21], 400, "more than 20 sources"),
        ([("query", (None, "q")), ("fil", ("a.csv", b"1"))], 400, "'fil'"),
        ([("query", (None, "q")), ("horizon", (None, "7"))], 400, "'horizon'"),
        ([("query", (None, "q")), ("params", (None, "{"))], 400, "line 1"),
        ([("query", (None, "q")), ("params", (None, "[1]"))], 400, "'params'"),
        ([("query", (None, "q")), ("data", (None, '{"ur": 1}'))], 400, "'data.ur' is unknown"),
        ([("query", (None, "q")), ("file", ("a", b"1")), ("data", (None, "gone.csv"))], 404, "gone.csv"),
        ([("query", (None, "x" * 30_000))], 413, "30,000 characters"),
        ([("query", (None, "x" * 300_000))], 413, "over"),
        ([("query", (None, b"\xff"))], 400, "UTF-8"),
        ([(f"query{n}", (None, "q")) for n in range(30)], 400, "query0"),
    ],
)
def test_bad_forms_say_what_to_do(
    mesh: Mesh, http: httpx.Client, parts: list[tuple[str, tuple[str, bytes]]], status: int, words: str
) -> None:
    reply = http.post("/analyze", files=parts)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert words in reply.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"not a form"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="query"\r\n\r\nq'),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nq\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\nX: " + b"y" * 20_000),
        ("multipart/form-data; boundary=b", b""),
    ],
)
def test_malformed_forms_are_refused(mesh: Mesh, http: httpx.Client, kind: str, body: bytes) -> None:
    reply = http.post("/analyze", content=body, headers={"Content-Type": kind})
    assert reply.status_code == 400, reply.text
    assert "form" in reply.json()["detail"]


@given(
    parts=st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.binary(max_size=400)), max_size=5),
    size=st.integers(1, 50),
)
def test_parts_arrive_whole_however_they_are_cut(parts: list[tuple[str, bytes]], size: int) -> None:
    boundary = b"q5Xz81boundary"
    body = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, name.encode(), data)
        for name, data in parts
    )
    body += b"--%s--\r\n" % boundary

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    async def read() -> list[tuple[str, bytes]]:
        reader = MultipartReader(chunks(), "multipart/form-data; boundary=q5Xz81boundary")
        return [
            (part.name, b"".join([piece async for piece in reader.data()])) async for part in reader.parts()
        ]

    try:
        assert anyio.run(read) == parts
    except InvalidRequestError:
        assert parts == []
