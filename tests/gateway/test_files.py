"""Reports, stored files and shared scripts, passed on so that browsers can use them safely."""

import gzip
import hashlib
import re

import httpx
import pytest

from gateway.assets import script_path
from gateway.media import disposition, media_type_of
from tests.gateway.book import PNG, PNG_SHA256
from tests.gateway.conftest import Mesh


def test_a_chart_is_found_where_the_analysis_says(mesh: Mesh, http: httpx.Client) -> None:
    uri = http.post("/analyze", json={"query": "q"}).json()["charts"][0]["files"][0]["uri"]
    reply = http.get(uri)
    assert (reply.status_code, reply.content) == (200, PNG)
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["content-length"] == str(len(PNG))
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["content-disposition"].startswith("inline")
    assert reply.headers["content-disposition"].endswith("filename*=UTF-8''%EC%B0%A8%ED%8A%B8%201.png")


def test_a_range_is_passed(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.get(f"/files/{PNG_SHA256}/a.png", headers={"Range": "bytes=10-19"})
    assert (reply.status_code, reply.content) == (206, PNG[10:20])
    assert reply.headers["content-range"] == f"bytes 10-19/{len(PNG)}"


def test_an_impossible_range_is_said(mesh: Mesh, http: httpx.Client) -> None:
    assert http.get(f"/files/{PNG_SHA256}/a.png", headers={"Range": "bytes=9999-"}).status_code == 416


def test_the_head_of_a_file_has_no_body(mesh: Mesh, http: httpx.Client) -> None:
    reply = http.head(f"/files/{PNG_SHA256}/a.png")
    assert (reply.status_code, reply.content) == (200, b"")
    assert reply.headers["content-length"] == str(len(PNG))


def test_pages_made_of_data_are_sandboxed(mesh: Mesh, http: httpx.Client) -> None:
    page = b"<script>fetch('/agents')</script>"
    sha256 = hashlib.sha256(page).hexdigest()
    (mesh.storage.folder / sha256).write_bytes(page)
    analysis = http.post("/analyze", json={"query": "q"}).json()
    for path in (f"/files/{sha256}/chart.html", analysis["links"]["report"]):
        reply = http.get(path)
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert reply.headers["x-content-type-options"] == "nosniff"
        policy = reply.headers["content-security-policy"]
        assert "sandbox allow-scripts" in policy
        assert "allow-same-origin" not in policy
        assert "connect-src 'none'" in policy


@pytest.mark.parametrize(
    ("form", "kind", "shown"),
    [
        ("md", "text/markdown", "inline"),
        ("ipynb", "application/x-ipynb+json", "attachment"),
    ],
)
def test_reports_come_in_every_form(mesh: Mesh, http: httpx.Client, form: str, kind: str, shown: str) -> None:
    analysis = http.post("/analyze", json={"query": "q"}).json()
    reply = http.get(f"/analyses/{analysis['id']}/report?format={form}")
    assert reply.text == f"<h1>report {form}</h1>"
    assert reply.headers["content-type"].startswith(kind)
    assert reply.headers["content-disposition"].startswith(f'{shown}; filename="{analysis["id"]}.{form}"')


def test_a_json_report_has_the_gateways_addresses(mesh: Mesh, http: httpx.Client) -> None:
    analysis = http.post("/analyze", json={"query": "q"}).json()
    report = http.get(f"/analyses/{analysis['id']}/report?format=json").json()
    assert report["charts"] == analysis["charts"]


def test_lineage_comes_from_the_hub(mesh: Mesh, http: httpx.Client) -> None:
    analysis = http.post("/analyze", json={"query": "q"}).json()
    graph = http.get(analysis["links"]["lineage"]).json()
    assert graph["edges"] == [{"from": "a", "to": "b", "analysis": analysis["id"]}]


def test_plotly_is_served_from_the_package(mesh: Mesh, http: httpx.Client) -> None:
    plain = http.get("/assets/plotly.min.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == script_path().read_bytes()
    assert plain.headers["content-type"].startswith("text/javascript")
    with http.stream("GET", "/assets/plotly.min.js", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert len(raw) < len(plain.content) / 2
    assert gzip.decompress(raw) == plain.content


def test_plotly_is_not_sent_twice(mesh: Mesh, http: httpx.Client) -> None:
    first = http.head("/assets/plotly.min.js")
    assert re.search(r"max-age=\d{5,}", first.headers["cache-control"])
    again = http.get("/assets/plotly.min.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_media_types_go_by_name_first() -> None:
    assert media_type_of("a.CSV", "application/octet-stream") == "text/csv"
    assert media_type_of("a.unknown", "Text/X; charset=utf-8") == "text/x"
    assert media_type_of("a") == "application/octet-stream"


def test_a_disposition_cannot_be_broken_out_of() -> None:
    assert disposition("inline", 'a"\r\nSet-Cookie: x.png') == (
        "inline; filename=\"a___Set-Cookie__x.png\"; filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20x.png"
    )
