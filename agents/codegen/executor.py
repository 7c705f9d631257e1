"""Code over A2A: notebooks that repeat an analysis, code that is run, and code that is made better; all of it inside walls."""

import re
from pathlib import Path
from typing import Any

from pydantic import Field

from mesh import Agent, BadInputError, DatasetRef, FileRef, Params, SkillContext, SkillResult, say, skill
from mesh.llm.configured import configured_model
from mesh.settings import MeshSettings

from .advice import advice_on
from .building import NOTEBOOK_FILE, SCRIPT_FILE, build_notebook
from .drafting import Draft, Task, draft_cells
from .given_code import MAX_CODE_CHARS, code_in
from .improve_story import improvement_result
from .improving import Improver
from .run_story import run_result
from .sandbox import Limits, Sandbox
from .sessions import Sessions
from .story import notebook_result
from .walls import best_walls

_UPSTREAM = ("eda_report", "quality_report", "forecast", "model", "answer")
_MARGIN_S = 60.0
_MOST_FILES = 20
_MOST_FILE_BYTES = 64 * 2**20
_MEDIA_TYPES = {".png": "image/png", ".csv": "text/csv", ".json": "application/json", ".txt": "text/plain"}


class NotebookParams(Params):
    """How the notebook is run."""

    timeout_s: float = Field(
        120.0, gt=0, le=900, description="Seconds the notebook may run before it is stopped."
    )


class CodeParams(Params):
    """The code, when it is not in the message, and how long it may run."""

    code: str | None = Field(
        default=None, max_length=MAX_CODE_CHARS, description="Python source; else the code in the message."
    )
    timeout_s: float = Field(60.0, gt=0, le=600, description="Seconds the code may run before it is stopped.")


class CodegenAgent(Agent):
    """Writes notebooks, runs code and improves it."""

    def __init__(self, name: str, card: dict[str, Any], settings: MeshSettings) -> None:
        super().__init__(name, card, settings)
        self._sessions = Sessions(self.state_dir / "sandboxes")
        self._model = configured_model(settings)

    async def start(self) -> None:
        """Looks after the sandboxes of conversations."""
        self.tasks.start_soon(self._sessions.keep)

    async def stop(self) -> None:
        """Ends every sandbox."""
        await self._sessions.close()
        if self._model is not None:
            await self._model.aclose()

    @skill("build_notebook")
    async def build_notebook(self, ctx: SkillContext, params: NotebookParams) -> SkillResult:
        """A notebook that repeats the analysis and compares its numbers with the reported ones."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        upstream = {name: ctx.inputs.data(name) for name in _UPSTREAM}
        draft = await self._draft(ctx, dataset, path, upstream)
        data = await ctx.compute(
            build_notebook,
            path,
            dataset,
            ctx.goal,
            ctx.language,
            upstream,
            ctx.workdir,
            drafted=[(cell.title, cell.source) for cell in draft.cells],
            notebook_timeout_s=params.timeout_s,
            timeout_s=params.timeout_s + _MARGIN_S,
        )
        written_by = self._model.model if self._model is not None and draft.cells else "built-in"
        data |= {
            "written_by": written_by,
            "rounds": draft.rounds,
            "problems": draft.problems,
            "walls": best_walls().kind,
        }
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

    @skill("run_code")
    async def run_code(self, ctx: SkillContext, params: CodeParams) -> SkillResult:
        """What the given code prints, gives and makes; its variables stay for the next code of the conversation."""
        code = _code(ctx, params)
        datasets = await _datasets(ctx)
        await ctx.progress(0.1, say(ctx.language, en="Running the code", ko="코드를 실행하고 있습니다"))
        async with self._sessions.session(ctx.context_id) as session:
            fresh = session.fresh
            limits = session.sandbox.limits = Limits(time_s=params.timeout_s)
            run = await session.sandbox.run(code, datasets)
            files = await _stored(ctx, session.sandbox, [*run.figures, *run.files])
        self.tasks.start_soon(self._sessions.warm)
        walls = session.sandbox.walls
        return run_result(run, code, files, ctx.language, fresh=fresh, walls=walls, limits=limits)

    @skill("improve_code")
    async def improve_code(self, ctx: SkillContext, params: CodeParams) -> SkillResult:
        """A faster or cleaner version of the given code that was run beside it and gave the same results."""
        code = _code(ctx, params)
        datasets = await _datasets(ctx)
        message = say(
            ctx.language, en="Comparing versions of the code", ko="코드의 여러 버전을 비교하고 있습니다"
        )
        await ctx.progress(0.05, message)

        async def progress(fraction: float) -> None:
            await ctx.progress(fraction, message)

        limits = Limits(time_s=params.timeout_s)
        improver = Improver(self._sessions, datasets, limits, self._model, self.settings.llm_timeout_s)
        found = await improver.improve(code, ctx.goal, progress)
        target = ctx.workdir / "improved.py"
        target.write_text(found.after.code, encoding="utf-8")
        script = await ctx.save_file(target, name=target.name, media_type="text/x-python")
        advice = advice_on(found.after.code)
        return improvement_result(found, advice, script, ctx.language, best_walls())

    async def _draft(
        self, ctx: SkillContext, dataset: DatasetRef, path: Path, upstream: dict[str, Any]
    ) -> Draft:
        """The model's cells for the question, when there is a model."""
        if self._model is None:
            return Draft()
        reported = {name: data for name, data in upstream.items() if data and name in ("answer", "forecast")}
        task = Task(ctx.goal, ctx.language, dataset.columns, dataset.rows, reported, path)
        await ctx.progress(0.02, say(ctx.language, en="Writing code", ko="코드를 작성하고 있습니다"))
        return await draft_cells(self._model, task, self._sessions, self.settings.llm_timeout_s)


def _code(ctx: SkillContext, params: CodeParams) -> str:
    code = params.code or code_in(ctx.goal)
    if code is None:
        raise BadInputError(
            say(
                ctx.language,
                en="The message holds no Python code. Send it between ``` lines, or as the parameter 'code'.",
                ko="메시지에 파이썬 코드가 없습니다. ``` 줄 사이에 넣거나 'code' 매개변수로 보내 주십시오.",
            )
        )
    return code


async def _datasets(ctx: SkillContext) -> dict[str, Path]:
    """The given tables by the names code knows them by: its own, and for the first one `df` and `data`."""
    found: dict[str, Path] = {}
    for position, output in enumerate(ctx.inputs.outputs("dataset")):
        if output.dataset is not None:
            path = await ctx.local(output.dataset)
            names = ["df", "data"] if position == 0 else []
            found |= dict.fromkeys([*names, re.sub(r"\W|^(?=\d)", "_", output.dataset.name)], path)
    return found


async def _stored(ctx: SkillContext, sandbox: Sandbox, names: list[str]) -> list[FileRef]:
    """The first files of a run, put into storage."""
    stored = []
    for name in names[:_MOST_FILES]:
        path = sandbox.folder / name
        if path.stat().st_size <= _MOST_FILE_BYTES:
            media_type = _MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
            shown = path.name.encode(errors="replace").decode()
            stored.append(await ctx.save_file(path, name=shown, media_type=media_type))
    return stored
