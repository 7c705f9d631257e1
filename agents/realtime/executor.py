"""Stream watching over A2A: takes a dataset with times, replays it and gives a `stream_report`."""

from typing import Literal

from pydantic import Field

from mesh import Agent, Params, SkillContext, SkillResult, skill

from .story import stream_result
from .watching import watch_stream


class WindowParams(Params):
    """How the stream is cut into windows."""

    window: str | None = Field(
        None, description="Length of a window, such as 5m, 1h or 7d; chosen from the data by default."
    )
    slide: str | None = Field(
        None, description="Distance between the starts of windows; the window's length by default."
    )
    allowed_lateness: str | None = Field(
        None, description="How long a window waits for late events; 0 by default."
    )
    column: str | None = Field(None, description="The numeric column to watch.")
    order: Literal["auto", "arrival", "reversed", "time"] = Field(
        "auto", description="How rows are replayed: as they lie, from last to first, or sorted by time."
    )


class RealtimeAgent(Agent):
    """Watches streams; the replay runs in the compute process."""

    @skill("window_statistics")
    async def window_statistics(self, ctx: SkillContext, params: WindowParams) -> SkillResult:
        """Statistics per event-time window, drift and anomaly alerts."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        data = await ctx.compute(
            watch_stream,
            path,
            dataset.columns,
            ctx.goal,
            ctx.language,
            window=params.window,
            slide=params.slide,
            allowed_lateness=params.allowed_lateness,
            column=params.column,
            order=params.order,
        )
        return stream_result(data, ctx.language)
