"""Notebook writing over A2A: takes a dataset and what earlier steps found, gives an executed notebook and a script."""

from pydantic import Field

from mesh import Agent, Params, SkillContext, SkillResult, say, skill

from .building import NOTEBOOK_FILE, SCRIPT_FILE, build_notebook
from .story import notebook_result

_UPSTREAM = ("eda_report", "quality_report", "forecast", "model", "answer")
_MARGIN_S = 60.0


class NotebookParams(Params):
    """How the notebook is run."""

    timeout_s: float = Field(
        120.0, gt=0, le=900, description="Seconds the notebook may run before it is stopped."
    )


class CodegenAgent(Agent):
    """Writes notebooks; they are run in a kernel below the compute process."""

    @skill("build_notebook")
    async def build_notebook(self, ctx: SkillContext, params: NotebookParams) -> SkillResult:
        """A notebook that repeats the analysis and compares its numbers with the reported ones."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        upstream = {name: ctx.inputs.data(name) for name in _UPSTREAM}
        data = await ctx.compute(
            build_notebook,
            path,
            dataset,
            ctx.goal,
            ctx.language,
            upstream,
            ctx.workdir,
            notebook_timeout_s=params.timeout_s,
            timeout_s=params.timeout_s + _MARGIN_S,
        )
        await ctx.progress(
            0.97, say(ctx.language, en="Storing the notebook", ko="노트북을 저장하고 있습니다")
        )
        notebook = await ctx.save_file(
            ctx.workdir / NOTEBOOK_FILE,
            name=f"{dataset.name}-{NOTEBOOK_FILE}",
            media_type="application/x-ipynb+json",
        )
        script = await ctx.save_file(
            ctx.workdir / SCRIPT_FILE, name=f"{dataset.name}-{SCRIPT_FILE}", media_type="text/x-python"
        )
        return notebook_result(data, notebook, script, dataset, ctx.language)
