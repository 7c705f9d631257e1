"""An agent that does whatever a test asks for."""

from typing import Any

import anyio

from mesh import Agent, NoParams, Output, Params, SkillContext, SkillResult, errors, finding, skill


class Failure(Params):
    """Which error to raise; anything else than one of the mesh's is a ValueError."""

    kind: str


class ProbeAgent(Agent):
    """One skill per way to answer."""

    resumes = True

    @skill("look_up", reply="message")
    async def look_up(self, ctx: SkillContext, params: NoParams) -> dict[str, Any]:
        """What the call was."""
        return {"goal": ctx.goal, "language": ctx.language, "metadata": ctx.metadata}

    @skill("fail")
    async def fail(self, ctx: SkillContext, params: Failure) -> SkillResult:
        """Raises what was asked for."""
        error = getattr(errors, params.kind, None)
        if error is None:
            raise ValueError("first line\nsecond line")
        raise error("said by the probe", korean="탐침이 한 말")

    @skill("hold")
    async def hold(self, ctx: SkillContext, params: NoParams) -> SkillResult:
        """Waits until it is cancelled, and writes down that it was."""

        async def note() -> None:
            self.path("cancelled").write_text(ctx.task_id)

        ctx.on_cancel(note)
        (ctx.workdir / "scratch").write_text("x")
        await ctx.progress(0.5, "holding")
        await anyio.sleep_forever()
        raise AssertionError("unreachable")

    @skill("report")
    async def report(self, ctx: SkillContext, params: NoParams) -> SkillResult:
        """Reports progress, which never goes back, and a result."""
        await ctx.progress(0.5, "half")
        await ctx.progress(0.2, "back?")
        await ctx.progress(1.0, "all")
        found = finding(ctx.language, en="{n} things", ko="{n}개", n=3)
        output = Output(name="o", type="text", data={"n": 3, "goal": ctx.goal})
        return SkillResult(summary=found.text, findings=[found], outputs=[output])
