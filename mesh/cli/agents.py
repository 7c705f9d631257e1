"""`mesh agents`: what the registry knows, through the gateway."""

import json
from typing import Any

from mesh.errors import NotFoundError
from mesh.settings import load_settings

from .gateway import GatewayClient, gateway_url


def list_agents(url: str | None, *, as_json: bool) -> None:
    """Print every agent."""
    with _gateway(url) as gateway:
        found = gateway.agents()
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "agent", "state", "version", "source", "skills", box=None, pad_edge=False, header_style="bold"
    )
    for agent in found:
        skills = ", ".join(str(skill["id"]) for skill in agent["skills"])
        table.add_row(agent["name"], agent["state"], agent["version"], agent["source"], skills)
    Console().print(table)


def show_agent(name: str, url: str | None, *, as_json: bool) -> None:
    """Print one agent in full. Raises: NotFoundError naming those that there are."""
    with _gateway(url) as gateway:
        found = gateway.agents()
    agent = next((one for one in found if one["name"].casefold() == name.casefold()), None)
    if agent is None:
        names = ", ".join(str(one["name"]) for one in found)
        raise NotFoundError(f"there is no agent {name!r}; there are: {names}")
    if as_json:
        print(json.dumps(agent, indent=2, ensure_ascii=False))
    else:
        _print_agent(agent)


def add_agent(agent_url: str, url: str | None) -> None:
    """Register an agent and print its skills."""
    with _gateway(url) as gateway:
        agent = gateway.add_agent(agent_url)
    skills = ", ".join(str(skill["id"]) for skill in agent["skills"])
    print(f"Added {agent['name']} {agent['version']}: {skills or 'no skills'}")


def remove_agent(name: str, url: str | None) -> None:
    """Forget an agent."""
    with _gateway(url) as gateway:
        gateway.remove_agent(name)
    print(f"Removed {name}")


def _gateway(url: str | None) -> GatewayClient:
    return GatewayClient(gateway_url(load_settings(), url))


def _print_agent(agent: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(f"[bold]{escape(agent['name'])}[/] {escape(agent['version'])} ({agent['state']})")
    console.print(escape(agent["description"]))
    for instance in agent["instances"]:
        latency = instance.get("latency_ms")
        shown = "" if latency is None else f", {latency:.1f} ms"
        console.print(f"  {escape(instance['url'])}  {instance['state']}{shown}")
    for skill in agent["skills"]:
        console.print(f"\n[bold]{escape(skill['id'])}[/]  {escape(skill['name'])}")
        console.print(f"  {escape(skill['description'])}")
        console.print(f"  takes {_ports(skill['consumes'])}; gives {_ports(skill['produces'])}", style="dim")
        for example in skill["examples"][:3]:
            console.print(f"  · {escape(example)}")


def _ports(ports: list[Any]) -> str:
    """The types of a skill's inputs or outputs, given as words or as dataflow ports; an optional one has a `?`."""
    return ", ".join(port if isinstance(port, str) else _port(port) for port in ports) or "nothing"


def _port(port: dict[str, Any]) -> str:
    return str(port["type"]) + ("" if port.get("required", True) else "?")
