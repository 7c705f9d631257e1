"""W3C trace context from a caller, through an agent, to whomever the agent calls."""

import re

import anyio
import httpx
import pytest

from tests.mesh.server.serving import rpc
from tests.mesh.server.test_push import PROMPT, Webhook, listening, pushed

pytestmark = pytest.mark.anyio
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


async def trace_seen(http: httpx.AsyncClient, **headers: str) -> str:
    """The traceparent of the call that the agent makes while it serves one."""
    webhook = Webhook()
    webhook.open.set()
    async with listening(webhook) as target:
        await rpc(http, "SendMessage", pushed("tck-complete-task", target), **headers)
        with anyio.fail_after(PROMPT):
            await webhook.done.wait()
    return webhook.headers[-1]["traceparent"]


async def test_the_callers_trace_goes_on_under_a_new_span(http: httpx.AsyncClient) -> None:
    seen = await trace_seen(http, traceparent=f"00-{TRACE_ID}-{PARENT}-00")
    version, trace_id, span, flags = seen.split("-")
    assert (version, trace_id, flags) == ("00", TRACE_ID, "00")
    assert re.fullmatch(r"[0-9a-f]{16}", span)
    assert span != PARENT


@pytest.mark.parametrize("given", ["", "nonsense", f"00-{TRACE_ID}-short-01", f"ff-{TRACE_ID}-{PARENT}-01"])
async def test_without_a_usable_one_a_trace_begins(http: httpx.AsyncClient, given: str) -> None:
    seen = await trace_seen(http, **({"traceparent": given} if given else {}))
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", seen)
    assert TRACE_ID not in seen
