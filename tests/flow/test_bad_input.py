"""What people send that cannot be used: a clear problem with what to do, and the mesh stays well."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flow.conftest import RunningMesh

pytestmark = [pytest.mark.flow, pytest.mark.timeout(120)]
ASK = "데이터를 분석해줘"


@pytest.fixture(scope="module", autouse=True)
def healthy_before_and_after(mesh: RunningMesh) -> Iterator[None]:
    yield
    assert mesh.http.get(f"{mesh.url()}/health").json()["ready"]
    restarts = {name: item["restarts"] for name, item in mesh.services().items()}
    assert restarts["gateway"] <= 1


def files(folder: Path) -> dict[str, bytes]:
    return {
        "empty.csv": b"",
        "garbage.csv": bytes(range(256)) * 40,
        "header_only.csv": b"a,b,c\n",
        "no_columns.json": b"[]",
        "broken.json": b'{"a": [1, 2',
        "not_excel.xlsx": b"PK\x03\x04 this is no workbook",
    }


@pytest.mark.parametrize("name", sorted(files(Path())))
def test_a_file_that_is_no_table_is_refused_with_a_reason(mesh: RunningMesh, name: str) -> None:
    (mesh.data_dir / name).write_bytes(files(mesh.data_dir)[name])
    _expect(mesh, {"query": ASK, "data": name}, 422)


@pytest.mark.parametrize(
    "name", ["nothing_here.csv", "../secret.csv", "/etc/passwd", "a/../../x.csv", "link.csv"]
)
def test_a_name_outside_or_unknown_is_refused(mesh: RunningMesh, name: str) -> None:
    link = mesh.data_dir / "link.csv"
    if not link.is_symlink():
        link.symlink_to("/etc/passwd")
    reply = mesh.http.post(f"{mesh.url()}/analyze", json={"query": ASK, "data": name})
    assert reply.status_code in (403, 404, 422), reply.text
    assert "root:" not in reply.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{not json", 400),
        (json.dumps({"query": ASK, "unknown": 1}).encode(), 400),
        (json.dumps({"query": ""}).encode(), 400),
        (json.dumps({"data": "small.csv"}).encode(), 400),
        (json.dumps({"query": "x" * 100_000}).encode(), 413),
        (json.dumps({"query": ASK, "data": {"url": "http://169.254.169.254/latest"}}).encode(), 403),
        (json.dumps({"query": ASK, "data": {"url": "file:///etc/passwd"}}).encode(), 400),
    ],
    ids=[
        "invalid json",
        "unknown field",
        "empty question",
        "no question",
        "100 kB question",
        "metadata url",
        "file url",
    ],
)
def test_a_bad_body_is_refused(mesh: RunningMesh, body: bytes, status: int) -> None:
    reply = mesh.http.post(
        f"{mesh.url()}/analyze", content=body, headers={"Content-Type": "application/json"}
    )
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert 400 <= reply.status_code < 500
    if status in (413,):
        assert reply.status_code in (413, 422, 400)
    assert len(reply.json()["detail"]) > 10


def test_a_question_nobody_can_answer_says_what_can_be_done(mesh: RunningMesh) -> None:
    detail = _expect(mesh, {"query": "오늘 서울 날씨 어때?"}, 422)
    assert "예측" in detail


def test_a_korean_file_in_an_old_encoding_is_read(mesh: RunningMesh) -> None:
    (mesh.data_dir / "cp949.csv").write_bytes("지역,매출\n서울,100\n부산,50\n서울,70\n".encode("cp949"))
    answer = mesh.analyze("매출이 가장 큰 지역은?", "cp949.csv")
    assert answer["status"] == "completed", answer
    assert "서울" in answer["summary"]


def _expect(mesh: RunningMesh, body: dict[str, Any], status: int) -> str:
    reply = mesh.http.post(f"{mesh.url()}/analyze", json=body, timeout=60)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"].startswith("application/problem+json")
    detail = str(reply.json()["detail"])
    assert len(detail) > 10
    return detail
