"""`mesh connections`: what the connection file defines, and whether a place answers."""

import json
import os
from typing import Any

import anyio
import httpx

from mesh.client import AgentClient
from mesh.connection_options import kind_of, variables_of
from mesh.connections import load_connections, shown_address
from mesh.settings import MeshSettings, load_settings

_TEST_S = 45.0
_SHOWN = 20


def list_connections(*, as_json: bool) -> None:
    """Print every connection: its kind, its place and the variables that it needs and that are not set here."""
    settings = load_settings()
    known = load_connections(settings.connections_file)
    found = [
        {
            "name": name,
            "kind": kind_of(name, entry),
            "place": shown_address(entry.url),
            "description": entry.description,
            "not_set": sorted(variables_of(entry) - set(os.environ)),
        }
        for name, entry in sorted(known.entries.items())
    ]
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    elif not found:
        print(
            f"No connections: {known.path} does not exist or is empty. docs/agents/connections.md shows how."
        )
    else:
        _print_table(found)


def try_connection(name: str) -> None:
    """Have the ingestion agent of the running mesh connect, and print what it finds there.

    Raises: MeshError as the place, or the mesh, answers.
    """
    settings = load_settings()
    load_connections(settings.connections_file).named(name)
    found = anyio.run(_ask, settings, name)
    names = [str(item) for item in found["contents"]]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    listed = f": {', '.join(names[:_SHOWN])}{more}" if names else ""
    print(f"{name} answers ({found['kind']}, {found['place']}){listed}")


async def _ask(settings: MeshSettings, name: str) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False) as http:
        agent = AgentClient(settings.url_of("ingestion"), http=http, settings=settings)
        return await agent.ask("test_connection", {"connection": name}, timeout_s=_TEST_S)


def _print_table(found: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("connection", "kind", "place", "missing", box=None, pad_edge=False, header_style="bold")
    for item in found:
        table.add_row(item["name"], item["kind"], item["place"], ", ".join(item["not_set"]))
    Console().print(table)
