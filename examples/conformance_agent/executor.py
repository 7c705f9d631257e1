"""The agent that the public A2A conformance suite drives, written like any other agent of the mesh.

Start it with `mesh serve examples/conformance_agent`; `--port N` moves it (gRPC stays one port above). For webhooks on this
machine set `MESH_PUSH_ALLOW_HOSTS=127.0.0.1,localhost`.
"""

from collections.abc import Awaitable, Callable

import anyio

from mesh import (
    Agent,
    Done,
    NeedsInputError,
    NoParams,
    RejectedError,
    Reply,
    SkillContext,
    bytes_part,
    data_part,
    skill,
    text_part,
    url_part,
)

_LONG_S = 4.0


class ConformanceAgent(Agent):
    """One skill whose behaviour the message id selects. The suite does not authenticate, so its extended card is public."""

    public_extended_card = True

    @skill("conform", reply="any")
    async def conform(self, ctx: SkillContext, params: NoParams) -> Done | Reply:
        """Does what the prefix of the message id asks for; anything else completes."""
        for prefix, behave in _BEHAVIOURS.items():
            if ctx.message_id.startswith(prefix):
                return await behave(ctx)
        return Done("Done.")


async def _greet(ctx: SkillContext) -> Done:
    return Done("Hello from TCK")


async def _text(ctx: SkillContext) -> Done:
    await ctx.artifact(text_part("Generated text content"), name="text")
    return Done()


async def _file(ctx: SkillContext) -> Done:
    await ctx.artifact(bytes_part(b"file content", name="output.txt", media_type="text/plain"), name="file")
    return Done()


async def _file_url(ctx: SkillContext) -> Done:
    part = url_part("https://example.com/output.txt", name="output.txt", media_type="text/plain")
    await ctx.artifact(part, name="file")
    return Done()


async def _data(ctx: SkillContext) -> Done:
    await ctx.artifact(data_part({"key": "value", "count": 42}), name="data")
    return Done()


async def _chunks(ctx: SkillContext) -> Done:
    await ctx.artifact(text_part("chunk-1 "), artifact_id="chunked", name="chunked", last=False)
    await ctx.artifact(text_part("chunk-2"), artifact_id="chunked", name="chunked", append=True)
    return Done()


async def _reply(ctx: SkillContext) -> Reply:
    return Reply(text_part("Direct message response"))


async def _ask(ctx: SkillContext) -> Done:
    raise NeedsInputError("Please say more.")


async def _reject(ctx: SkillContext) -> Done:
    raise RejectedError("This task is declined.")


async def _finish(ctx: SkillContext) -> Done:
    return Done()


async def _linger(ctx: SkillContext) -> Done:
    await ctx.progress(0.0, "Working.")
    await anyio.sleep(_LONG_S)
    return Done("Finished after a while.")


_BEHAVIOURS: dict[str, Callable[[SkillContext], Awaitable[Done | Reply]]] = {
    "tck-complete-task": _greet,
    "tck-artifact-text": _text,
    "tck-artifact-file-url": _file_url,
    "tck-artifact-file": _file,
    "tck-artifact-data": _data,
    "tck-message-response": _reply,
    "tck-input-required": _ask,
    "tck-reject-task": _reject,
    "tck-stream-artifact-chunked": _chunks,
    "tck-stream-artifact-file": _file,
    "tck-stream-artifact-text": _text,
    "tck-stream-ordering-001": _text,
    "tck-stream-001": _text,
    "tck-stream-002": _finish,
    "tck-stream-003": _text,
    "test-resubscribe-message-id": _linger,
}
