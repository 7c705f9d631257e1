"""Data behind named connections, through the whole mesh: fresh each time, and no secret is left anywhere."""

from collections.abc import Iterator

import psycopg
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.datahub.databases import postgresql_url
from tests.flow.conftest import RunningMesh
from tests.gateway.servers import Served

pytestmark = pytest.mark.flow

SECRETS = ("letmein-database", "letmein-token")


async def echo(request: Request) -> JSONResponse:
    """Refuses the caller, and says with what."""
    return JSONResponse({"error": f"not good enough: {dict(request.headers)}"}, 403)


@pytest.fixture(scope="module")
def connected(mesh: RunningMesh) -> Iterator[RunningMesh]:
    """The mesh with a database that answers and an API that refuses; both entries hold a secret."""
    url = postgresql_url()
    with psycopg.connect(url) as database:
        database.execute("DROP TABLE IF EXISTS public.flow_sales")
        database.execute("CREATE TABLE public.flow_sales (region text, revenue numeric(10,2), sold boolean)")
        database.execute(
            "INSERT INTO public.flow_sales SELECT (ARRAY['Seoul', 'Busan', 'Daegu'])[1 + i % 3], 100 + i % 3, true"
            " FROM generate_series(1, 300) i"
        )
    with Served(Starlette(routes=[Route("/orders", echo)])) as api:
        file = mesh.home / "connections.toml"
        file.write_text(
            f'[shop]\nurl = "{url.replace("postgres:@", f"postgres:{SECRETS[0]}@")}"\n'
            f'[api]\nurl = "{api.url}"\nheaders = {{ Authorization = "Bearer {SECRETS[1]}" }}\n'
        )
        file.chmod(0o600)
        yield mesh
        file.unlink()


def test_a_database_answers_and_is_read_anew_each_time(connected: RunningMesh) -> None:
    question, data = "What is the total revenue by region?", {"connection": "shop", "table": "flow_sales"}
    first = connected.analyze(question, data)
    assert first["status"] == "completed", first["error"]
    assert "10,200" in str(first)
    with psycopg.connect(postgresql_url()) as database:
        database.execute("INSERT INTO public.flow_sales VALUES ('Jeju', 99999, true)")
    second = connected.analyze(question, data)
    assert "99,999" in str(second)
    assert not second["steps"][0]["cached"]
    third = connected.analyze(question, data)
    assert [step["cached"] for step in third["steps"]] == [False, True]


def test_nothing_that_a_load_leaves_behind_holds_a_secret(connected: RunningMesh) -> None:
    working = connected.analyze("지역별 매출 합계를 알려줘", "connection://shop?table=flow_sales")
    failing = connected.analyze("Load the orders", {"connection": "api", "path": "/orders"})["analysis"]
    refused = connected.http.post(
        f"{connected.url()}/analyze",
        json={"query": "Load it", "data": {"url": f"http://me:{SECRETS[0]}@127.0.0.1/x"}},
    )
    address = f"postgresql://me:{SECRETS[0]}@127.0.0.1/x"
    message = {"messageId": "m1", "role": "ROLE_USER", "parts": [{"text": "Load it"}, {"url": address}]}
    call = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"message": message}}
    stranger = connected.http.post(connected.url(8201), json=call, headers={"A2A-Version": "1.0"})
    assert "credentials" in stranger.text
    assert working["status"] == "completed"
    assert failing["status"] == "failed"
    assert "refuses the login" in str(failing)
    texts = [str(working), str(failing), refused.text, stranger.text]
    for analysis in (working, failing):
        texts += [str(connected.events(analysis["id"]))]
        for path in ("", "/lineage", *(f"/report?format={form}" for form in ("html", "md", "json", "ipynb"))):
            texts.append(connected.http.get(f"{connected.url()}/analyses/{analysis['id']}{path}").text)
    for secret in SECRETS:
        assert secret in (connected.home / "connections.toml").read_text()
        assert not any(secret in text for text in texts)
        holding = [
            str(path)
            for path in [*connected.home.rglob("*"), connected.home.parent / "mesh.log"]
            if path.is_file() and path.name != "connections.toml" and secret.encode() in path.read_bytes()
        ]
        assert holding == []
