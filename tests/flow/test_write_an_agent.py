"""The tutorial for agent authors, done as a reader would do it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.flow.conftest import ROOT, RunningMesh, wait_for

pytestmark = [pytest.mark.flow, pytest.mark.timeout(180)]
PAGE = (ROOT / "docs" / "write-an-agent.md").read_text(encoding="utf-8")
QUESTION = "Which words appear most often in the reviews?"
KOREAN = "리뷰에서 가장 많이 나온 단어는 무엇인가요?"
# "tasty" is in every review twice, "delivery" in every other one.
REVIEWS = 60
JOIN_S = 30


def block(language: str, beginning: str) -> str:
    """The code block of the page in `language` that begins with `beginning`."""
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(next(code for code in found if code.startswith(beginning)))


def write_words(folder: Path) -> None:
    """The agent of the page, in `folder`."""
    folder.mkdir()
    (folder / "card.json").write_text(block("json", "{"), encoding="utf-8")
    (folder / "executor.py").write_text(block("python", '"""Which words'), encoding="utf-8")
    (folder / "test_executor.py").write_text(block("python", "import pyarrow"), encoding="utf-8")


def write_reviews(path: Path) -> None:
    """Reviews of a shop: an id, a rating and free text."""
    lines = ["id,rating,review"]
    for number in range(1, REVIEWS + 1):
        extra = "delivery took long" if number % 2 else "came quickly"
        lines.append(
            f'{number},{number % 5 + 1},"Order {number}: tasty, really tasty, parcel {number * 7} {extra}"'
        )
    path.write_text("\n".join(lines) + "\n")


@contextmanager
def running(mesh: RunningMesh, *command: str) -> Iterator[None]:
    """A process beside the mesh, with the mesh's own settings."""
    variables = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("MESH_", "OPENAI_"))},
        "MESH_HOME": str(mesh.home),
        "MESH_PORT_OFFSET": str(mesh.offset),
        "MESH_CARDS_DIR": str(mesh.cards_dir),
    }
    log = (mesh.home / "agent.log").open("ab")
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=variables, stdout=log, stderr=log)
    log.close()
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def planned(mesh: RunningMesh, query: str, data: str | None) -> list[str]:
    """The agents of the plan that a question gets."""
    body = {"query": query, **({"data": data} if data else {})}
    reply = mesh.http.post(f"{mesh.url()}/plan", json=body)
    assert reply.status_code == 200, reply.text
    return [step["agent"] for step in reply.json()["steps"]]


def agents(mesh: RunningMesh) -> dict[str, dict[str, Any]]:
    """The registered agents by name."""
    return {agent["name"]: agent for agent in mesh.http.get(f"{mesh.url()}/agents").json()["agents"]}


def refusal_of(mesh: RunningMesh, skill: str, params: dict[str, Any]) -> str:
    """What the orchestrator says when it refuses a call of one of its quick skills."""
    part = {"data": {"skill": skill, "params": params}}
    message = {"messageId": "m", "role": "ROLE_USER", "parts": [part]}
    body = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"message": message}}
    reply = mesh.http.post(mesh.url(8100), json=body, headers={"A2A-Version": "1.0"})
    return str(reply.json()["error"]["message"])


def remove(mesh: RunningMesh, name: str) -> None:
    """Takes an agent out of the mesh."""
    assert mesh.http.delete(f"{mesh.url()}/agents/{name}").status_code == 204


def test_the_agent_of_the_page_is_short_and_its_own_test_passes(tmp_path: Path) -> None:
    code = block("python", '"""Which words')
    assert len([line for line in code.splitlines() if line.strip()]) < 40
    write_words(tmp_path / "words")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "words"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in run.stdout, run.stdout + run.stderr


def test_the_agent_of_the_page_joins_answers_and_leaves(mesh: RunningMesh, tmp_path: Path) -> None:
    write_words(tmp_path / "words")
    write_reviews(mesh.data_dir / "reviews.csv")
    assert "Words" not in planned(mesh, QUESTION, "reviews.csv")
    port = str(8301 + mesh.offset)
    with running(mesh, "-m", "mesh.cli", "serve", str(tmp_path / "words"), "--port", port):
        wait_for(lambda: agents(mesh).get("Words", {}).get("state") == "healthy", JOIN_S, "Words to join")
        assert planned(mesh, QUESTION, "reviews.csv")[-1] == "Words"

        analysis = mesh.analyze(QUESTION, "reviews.csv")
        assert analysis["status"] == "completed", analysis["warnings"]
        assert f"“tasty” ({2 * REVIEWS} times)" in analysis["summary"]
        step = next(step for step in analysis["steps"] if step["agent"] == "Words")
        words = step["outputs"][0]["data"]["words"]
        assert (words["tasty"], words["delivery"]) == (2 * REVIEWS, REVIEWS // 2)

        korean = mesh.analyze(KOREAN, "reviews.csv")
        assert f"‘tasty’({2 * REVIEWS}회)" in korean["summary"]

        remove(mesh, "Words")
        assert "Words" not in planned(mesh, QUESTION, "reviews.csv")
        lease = {"url": f"http://127.0.0.1:{port}/", "instance": "words-again"}
        assert "was removed" in refusal_of(mesh, "register_agent", lease)
        added = mesh.http.post(f"{mesh.url()}/agents", json={"url": f"http://127.0.0.1:{port}/"})
        assert added.status_code == 201, added.text
        assert "Words" in planned(mesh, QUESTION, "reviews.csv")
        remove(mesh, "Words")
    assert "Words" not in agents(mesh)


def test_a_bare_a2a_server_joins_too(mesh: RunningMesh, tmp_path: Path) -> None:
    script = tmp_path / "greeter.py"
    script.write_text(block("python", '"""A greeter'), encoding="utf-8")
    address = f"http://127.0.0.1:{8302 + mesh.offset}/"
    with running(mesh, str(script), str(8302 + mesh.offset)):
        wait_for(
            lambda: mesh.http.post(f"{mesh.url()}/agents", json={"url": address}).status_code == 201,
            JOIN_S,
            "the greeter to be added",
        )
        assert planned(mesh, "Greet the team warmly", None) == ["Greeter"]
        reply = mesh.http.post(f"{mesh.url()}/analyze", json={"query": "Greet the team warmly"}, timeout=60)
        assert "Hello, team!" in reply.json()["summary"], json.dumps(reply.json())[:2000]
        remove(mesh, "Greeter")
    assert "Greeter" not in agents(mesh)
