"""The gateway's own pages: how to start, and the documentation. Both come complete from here, without a CDN."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from .schemas import example_of, rows_of, schema_name

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Pages:
    """Renders the pages for the gateway at `base_url`, which ends with a slash."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

        self._templates.filters["marked"] = _marked

    def landing(self, card: dict[str, Any]) -> HTMLResponse:
        """What the mesh is and how to ask it."""
        skill = card["skills"][0]
        return self._page(
            "landing.html",
            card=card,
            examples=skill.get("examples", [])[:6],
            socket_url=self._base_url.replace("http", "ws", 1),
        )

    def docs(self, document: dict[str, Any]) -> HTMLResponse:
        """The OpenAPI document for people: every operation with its parameters, bodies, replies and an example."""
        schemas = document["components"]["schemas"]
        groups = [
            (
                tag,
                [
                    _operation(method, path, body, schemas)
                    for path, method, body in _operations(document, tag["name"])
                ],
            )
            for tag in document["tags"]
        ]
        models = [(name, schema, rows_of(schema)) for name, schema in sorted(schemas.items())]
        return self._page("docs.html", info=document["info"], groups=groups, models=models)

    def _page(self, template: str, **values: Any) -> HTMLResponse:
        text = self._templates.get_template(template).render(base_url=self._base_url, **values)
        headers = {
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        return HTMLResponse(text, headers=headers)


def _marked(text: str) -> Markup:
    """Text with what stands between backticks as code."""
    pieces = str(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if i % 2 else piece for i, piece in enumerate(pieces)
    )


def _operations(document: dict[str, Any], tag: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, body)
        for path, methods in document["paths"].items()
        for method, body in methods.items()
        if tag in body["tags"]
    ]


def _operation(method: str, path: str, body: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    content = body.get("requestBody", {}).get("content", {})
    bodies = [
        (media, schema_name(item["schema"]), rows_of(schemas[schema_name(item["schema"])]))
        for media, item in content.items()
    ]
    json_body = content.get("application/json")
    return {
        "id": body["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": body["summary"],
        "description": body["description"],
        "parameters": body.get("parameters", []),
        "bodies": bodies,
        "example": example_of(schemas[schema_name(json_body["schema"])]) if json_body else None,
        "responses": [
            (status, reply["description"], _media(reply)) for status, reply in body["responses"].items()
        ],
    }


def _media(reply: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    for media, item in reply.get("content", {}).items():
        schema = item.get("schema", {})
        found.append((media, schema_name(schema.get("contentSchema", schema))))
    return found
