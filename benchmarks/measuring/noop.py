"""Three agents that do nothing, written on `mesh` as a drop-in author would, chained by what they take and give."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from mesh.settings import MeshSettings

CHAIN = ("first", "second", "third")
QUESTION = "Run the no-op chain to its end"
_PORTS_FROM = 8391
_START_S = 60.0
_EXECUTOR = '''"""An agent that does nothing."""

from mesh import Agent, NoParams, Output, SkillContext, SkillResult, skill


class NoopAgent(Agent):
    """Gives one empty result."""

    @skill("noop_{name}")
    async def run(self, ctx: SkillContext, params: NoParams) -> SkillResult:
        """Returns at once."""
        return SkillResult(summary="Done.", outputs=[Output(name="{name}_result", type="{name}_result", data={{}})])
'''


def card(name: str, port: int) -> dict[str, Any]:
    """The card of one link: it takes what the link before gives, and only the last has examples."""
    before = CHAIN[CHAIN.index(name) - 1] if name != CHAIN[0] else None
    last = name == CHAIN[-1]
    flow = {
        "stage": "noop",
        "consumes": [{"name": "before", "type": f"{before}_result", "required": True}] if before else [],
        "produces": [{"name": f"{name}_result", "type": f"{name}_result", "required": True}],
    }
    extension = {"uri": "urn:a2a-mesh:dataflow:v1", "params": {"skills": {f"noop_{name}": flow}}}
    return {
        "name": f"No-op {name}",
        "description": f"Does nothing and gives a {name} result.",
        "version": "1.0.0",
        "provider": {"organization": "benchmark", "url": "https://example.org"},
        "supportedInterfaces": [
            {"url": f"http://127.0.0.1:{port}/", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}
        ],
        "capabilities": {"streaming": True, "extensions": [extension]},
        "defaultInputModes": ["text/plain", "application/json"],
        "defaultOutputModes": ["application/json"],
        "skills": [
            {
                "id": f"noop_{name}",
                "name": f"No-op {name}",
                "description": f"Does nothing and gives a {name} result.",
                "tags": ["noop", "no-op chain"] if last else ["noop"],
                "examples": [QUESTION, "Run the no-op chain"] if last else [],
            }
        ],
    }


@contextmanager
def serving_chain(folder: Path, settings: MeshSettings) -> Iterator[list[str]]:
    """The three agents, each run by `mesh serve FOLDER`; their addresses, once the orchestrator knows them all."""
    processes: list[subprocess.Popen[bytes]] = []
    urls: list[str] = []
    try:
        for position, name in enumerate(CHAIN):
            port = _PORTS_FROM + position + settings.port_offset
            place = folder / f"noop_{name}"
            place.mkdir(parents=True)
            (place / "card.json").write_text(json.dumps(card(name, port)), encoding="utf-8")
            (place / "executor.py").write_text(_EXECUTOR.format(name=name), encoding="utf-8")
            command = [sys.executable, "-m", "mesh.cli", "serve", str(place)]
            with (folder / f"{name}.log").open("wb") as log:
                processes.append(subprocess.Popen(command, stdout=log, stderr=log))
            urls.append(f"http://127.0.0.1:{port}/")
        _wait_until_known(settings, urls)
        yield urls
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _wait_until_known(settings: MeshSettings, urls: list[str]) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        agents = httpx.get(f"{settings.url_of('gateway')}agents", timeout=10).json()["agents"]
        healthy = {
            item["url"] for agent in agents for item in agent["instances"] if item["state"] == "healthy"
        }
        if healthy.issuperset(urls):
            return
        time.sleep(0.1)
    raise TimeoutError(f"the no-op agents were not registered within {_START_S:.0f} s")
