"""Storage on a real port, as curl and the mesh's own clients see it."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mesh.client import AgentClient
from mesh.errors import NotFoundError
from mesh.settings import MeshSettings, load_settings
from mesh.storage import StorageClient
from tests.datahub.serving import free_offset, serving

pytestmark = pytest.mark.anyio

ABC = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def mesh_settings(tmp_path: Path) -> MeshSettings:
    return load_settings(home=tmp_path, port_offset=free_offset(8502), max_upload_bytes=100_000)


@pytest.fixture
async def http(mesh_settings: MeshSettings) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serving("storage", mesh_settings) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        yield client


async def put(http: httpx.AsyncClient, content: bytes = b"abc", **query: str) -> httpx.Response:
    return await http.put(
        "/objects", params={"name": 'r/한글 "1".csv', "media_type": "text/csv", **query}, content=content
    )


async def test_what_was_put_comes_back_with_its_type_and_name(http: httpx.AsyncClient) -> None:
    stored = await put(http)
    assert (stored.status_code, stored.headers["location"]) == (201, f"/objects/{ABC}")
    assert stored.json() == {
        "name": 'r/한글 "1".csv',
        "media_type": "text/csv",
        "uri": f"mesh://objects/{ABC}",
        "bytes": 3,
        "sha256": ABC,
        "version": 1,
    }
    got = await http.get(f"/objects/{ABC}")
    assert (got.content, got.headers["content-type"], got.headers["etag"]) == (b"abc", "text/csv", f'"{ABC}"')
    assert got.headers["content-disposition"].startswith("attachment; filename*=utf-8''%ED%95%9C")
    head = await http.head(f"/objects/{ABC}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "3", b"")


async def test_parts_and_unchanged_objects(http: httpx.AsyncClient) -> None:
    await put(http, b"0123456789")
    address = f"/objects/{hashlib.sha256(b'0123456789').hexdigest()}"
    part = await http.get(address, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert (await http.get(address, headers={"Range": "bytes=-3"})).content == b"789"
    assert (await http.get(address, headers={"Range": "bytes=50-"})).status_code == 416
    tag = part.headers["etag"]
    assert (await http.get(address, headers={"If-None-Match": tag})).status_code == 304
    assert (await http.get(address, headers={"Range": "bytes=2-4", "If-Range": tag})).status_code == 206
    assert (await http.get(address, headers={"Range": "bytes=2-4", "If-Range": '"other"'})).status_code == 200


async def test_refusals_are_problem_details(http: httpx.AsyncClient, mesh_settings: MeshSettings) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 50_000

    for response, status, reason in [
        (await put(http, b"x" * 100_001), 413, "too_large"),
        (await http.put("/objects?name=a", content=endless()), 413, "too_large"),
        (
            await http.put("/objects?name=a", content=b"x", headers={"X-Content-SHA256": ABC}),
            422,
            "checksum_mismatch",
        ),
        (await http.put("/objects", content=b"x"), 400, "bad_input"),
        (await http.put("/objects?name=a&colour=red", content=b"x"), 400, "bad_input"),
        (await http.get("/objects/" + "0" * 64), 404, "not_found"),
        (await http.get("/objects/nonsense"), 404, "not_found"),
        (await http.get("/names/unknown"), 404, "not_found"),
        (await http.get("/names?limit=0"), 400, "bad_input"),
    ]:
        assert (response.status_code, response.json()["reason"]) == (status, reason)
        assert response.headers["content-type"] == "application/problem+json"
    assert list((mesh_settings.home / "storage" / "incoming").iterdir()) == []


async def test_damage_is_an_error_of_the_service(
    http: httpx.AsyncClient, mesh_settings: MeshSettings
) -> None:
    await put(http)
    (mesh_settings.home / "storage" / "objects" / ABC[:2] / ABC).write_bytes(b"abd")
    response = await http.get(f"/objects/{ABC}?verify=1")
    assert (response.status_code, response.json()["reason"]) == (500, "corrupt_object")
    assert ABC in response.json()["detail"]


async def test_names_list_their_versions(http: httpx.AsyncClient) -> None:
    for content in (b"abc", b"abd"):
        await put(http, content, name="a/b.csv")
    assert [item["version"] for item in (await http.get("/names/a/b.csv")).json()["items"]] == [2, 1]
    assert [item["name"] for item in (await http.get("/names?prefix=a/")).json()["items"]] == ["a/b.csv"]


async def test_the_kernels_client_and_a2a_see_the_same_object(
    http: httpx.AsyncClient, mesh_settings: MeshSettings, tmp_path: Path
) -> None:
    file = tmp_path / "given.txt"
    file.write_bytes(b"abc")
    ref = await StorageClient(mesh_settings, http).put_file(file, name="given.txt", media_type="text/plain")
    elsewhere = StorageClient(
        load_settings(**{**mesh_settings.model_dump(), "home": tmp_path / "other"}), http
    )
    assert (await elsewhere.local(ref)).read_bytes() == b"abc"
    agent = AgentClient(mesh_settings.url_of("storage"), http=http, settings=mesh_settings)
    assert (await agent.ask("stat_object", {"sha256": ABC}))["versions"][0]["name"] == "given.txt"
    assert (await agent.ask("list_versions", {"name": "given.txt"}))["versions"][0]["sha256"] == ABC
    assert (await agent.ask("verify_object", {"sha256": ABC}))["intact"] is True
    with pytest.raises(NotFoundError):
        await agent.ask("stat_object", {"sha256": "0" * 64})
