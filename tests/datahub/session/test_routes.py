"""The session service on a real port."""

from pathlib import Path

import httpx
import pytest

from mesh.client import AgentClient
from mesh.errors import BadInputError, NotFoundError
from mesh.settings import load_settings
from tests.datahub.serving import free_offset, serving

pytestmark = pytest.mark.anyio


async def test_a_conversation_over_a2a_and_http(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, port_offset=free_offset(8501))
    async with serving("session", settings) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        agent = AgentClient(settings.url_of("session"), http=http, settings=settings)
        opened = await agent.ask("open_session", {})
        session_id = opened["session"]["session_id"]
        assert opened["created"] is True
        said = {
            "session_id": session_id,
            "turn_id": "t-1",
            "role": "user",
            "text": "매출은?",
            "analysis_id": "an-1",
        }
        assert (await agent.ask("append_turn", said))["appended"] is True
        assert (await agent.ask("append_turn", said))["appended"] is False
        conversation = await agent.ask("get_session", {"session_id": session_id})
        assert [turn["text"] for turn in conversation["turns"]] == ["매출은?"]
        assert conversation == (await http.get(f"/sessions/{session_id}")).json()
        assert (await agent.ask("list_sessions", {})) == (await http.get("/sessions")).json()
        with pytest.raises(NotFoundError):
            await agent.ask("get_session", {"session_id": "none"})
        with pytest.raises(BadInputError, match="role"):
            await agent.ask("append_turn", {**said, "turn_id": "t-2", "role": "robot"})
        missing = await http.get("/sessions/none")
        assert (missing.status_code, missing.json()["reason"]) == (404, "not_found")
