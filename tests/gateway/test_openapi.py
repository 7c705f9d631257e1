"""The documentation: valid, complete, and the same models as validate."""

import httpx
import jsonschema
import openapi_spec_validator
import pytest
from starlette.routing import Route

from gateway.models import AnalyzeRequest
from gateway.openapi import openapi_document
from gateway.operations import OPERATIONS
from tests.gateway.conftest import Mesh

DOCUMENT = openapi_document("1.0.0", "http://127.0.0.1:8000/")


def test_the_document_is_valid_openapi() -> None:
    openapi_spec_validator.validate(DOCUMENT)


def test_every_schema_is_valid_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere() -> None:
    def references(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(item) for item in value.values()))
        return set().union(*(references(item) for item in value)) if isinstance(value, list) else set()

    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references(DOCUMENT) <= known


def test_every_route_is_documented(mesh: Mesh) -> None:
    from gateway.executor import GatewayAgent
    from mesh.cards import read_card

    agent = GatewayAgent("gateway", read_card(mesh.settings.cards_dir / "gateway.json"), mesh.settings)
    served = {
        (method, route.path.replace(":path", ""))
        for route in agent.routes()
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served == {(operation.method, operation.path) for operation in OPERATIONS}


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"query": "q"}, True),
        ({"query": "q", "data": "a.csv"}, True),
        ({"query": "q", "data": {"url": "http://x/"}}, True),
        ({"query": "q", "data": {"inline": "a", "format": "csv"}}, True),
        ({"query": "q", "data": [{"a": 1}]}, True),
        ({"query": "q", "data": []}, False),
        ({"query": "q", "data": {}}, False),
        ({"query": "", "data": None}, False),
        ({"query": "q", "more": 1}, False),
        ({"query": "q" * 20_001}, False),
    ],
)
def test_the_schema_and_the_validation_agree(body: dict[str, object], valid: bool) -> None:
    schema = {"$ref": "#/components/schemas/AnalyzeRequest", "components": DOCUMENT["components"]}
    assert jsonschema.Draft202012Validator(schema).is_valid(body) is valid
    try:
        AnalyzeRequest.model_validate(body)
    except ValueError:
        assert not valid
    else:
        assert valid


def test_examples_are_valid_requests() -> None:
    from gateway.schemas import example_of

    schemas = DOCUMENT["components"]["schemas"]
    AnalyzeRequest.model_validate_json(example_of(schemas["AnalyzeRequest"]))


def test_the_document_and_its_pages_are_served(mesh: Mesh, http: httpx.Client) -> None:
    assert http.get("/openapi.json").json()["openapi"] == "3.1.0"
    page = http.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert [operation.name for operation in OPERATIONS if f'id="{operation.name}"' not in page.text] == []
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_pages_load_nothing_from_elsewhere(mesh: Mesh, http: httpx.Client) -> None:
    for path in ("/docs", "/"):
        text = http.get(path, headers={"Accept": "text/html"}).text
        assert "src=" not in text
        assert "@import" not in text
        assert "<link" not in text


def test_the_start_page_is_html_for_browsers_and_links_for_programs(mesh: Mesh, http: httpx.Client) -> None:
    browser = http.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert "curl -X POST" in browser.text
    assert mesh.gateway.url in browser.text
    assert http.get("/").json()["links"]["analyze"] == "/analyze"
    assert (
        http.get("/", headers={"Accept": "text/html;q=0, */*"}).headers["content-type"] == "application/json"
    )


def test_a_question_cannot_inject_into_a_page(mesh: Mesh, http: httpx.Client) -> None:
    analysis = http.post("/analyze", json={"query": "<script>alert(1)</script>"}).json()
    assert http.get(analysis["links"]["self"]).headers["content-type"] == "application/json"
