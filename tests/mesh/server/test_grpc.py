"""The gRPC binding: the same agent, the same rules."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import grpc
import grpc.aio
import pytest
from a2a.types import GetTaskRequest, SendMessageRequest, TaskState
from a2a.types.a2a_pb2_grpc import A2AServiceStub
from google.protobuf.json_format import ParseDict

from tests.mesh.server.serving import message

pytestmark = pytest.mark.anyio


def request(message_id: str) -> SendMessageRequest:
    """The gRPC request that carries a message."""
    return ParseDict(message(message_id), SendMessageRequest())


@pytest.fixture(scope="module")
async def stub(url: str) -> AsyncIterator[Any]:
    """A client of the agent's gRPC port, one above its HTTP port."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{(urlsplit(url).port or 0) + 1}") as channel:
        yield A2AServiceStub(channel)  # type: ignore[no-untyped-call]


async def test_a_message_and_a_stream_are_answered(stub: Any) -> None:
    version = (("a2a-version", "1.0"),)
    reply = await stub.SendMessage(request("tck-complete-task"), metadata=version)
    assert reply.task.status.state == TaskState.TASK_STATE_COMPLETED
    assert reply.task.status.message.parts[0].text == "Hello from TCK"
    events = [event async for event in stub.SendStreamingMessage(request("tck-stream-001"), metadata=version)]
    assert events[-1].status_update.status.state == TaskState.TASK_STATE_COMPLETED


@pytest.mark.parametrize("version", ["1.1", "2.0", "0.2"])
async def test_another_version_is_unimplemented(stub: Any, version: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.SendMessage(request("tck-complete-task"), metadata=(("a2a-version", version),))
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert version in (caught.value.details() or "")


async def test_empty_messages_and_unknown_tasks_have_their_codes(stub: Any) -> None:
    version = (("a2a-version", "1.0"),)
    empty = ParseDict(message("m", parts=[]), SendMessageRequest())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.SendMessage(empty, metadata=version)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.GetTask(GetTaskRequest(id="none"), metadata=version)
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND
