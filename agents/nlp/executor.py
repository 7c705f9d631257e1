"""Language over A2A: questions answered by SQL, what people wrote, and personal data found and masked."""

from pydantic import Field

from mesh import Agent, NoParams, Params, SkillContext, SkillResult, skill

from .service import answer
from .text import personal_service
from .text.personal_service import MaskParams


class AnswerParams(Params):
    """How the question is answered."""

    question: str | None = Field(
        None, description="The question, when it is not the goal of the call.", max_length=2000
    )
    sql: str | None = Field(
        None,
        description="A SELECT over the view `data` to run instead of reading a question.",
        max_length=10_000,
    )
    max_rows: int = Field(200, ge=1, le=200, description="How many rows the answer holds at most.")
    timeout_s: float = Field(30.0, gt=0, le=300, description="Seconds after which the query is stopped.")


class NlpAgent(Agent):
    """Answers questions and reads texts; all of the work happens in the compute process."""

    @skill("answer_question")
    async def answer_question(self, ctx: SkillContext, params: AnswerParams) -> SkillResult:
        """One read-only SELECT for the question, its rows and one sentence; carries on earlier ones, abstains when unsure."""
        dataset = ctx.inputs.dataset("dataset")
        path = await ctx.local(dataset)
        earlier = (ctx.inputs.data("earlier") or {}).get("turns", [])
        result: SkillResult = await ctx.compute(
            answer,
            path,
            dataset.columns,
            params.question or ctx.goal,
            ctx.language,
            sql=params.sql,
            max_rows=params.max_rows,
            timeout_s=params.timeout_s,
            earlier=[turn for turn in earlier if isinstance(turn, str)],
        )
        return result

    @skill("detect_pii")
    async def detect_pii(self, ctx: SkillContext, params: NoParams) -> SkillResult:
        """Where a dataset holds personal data."""
        return await personal_service.detect_pii(ctx)

    @skill("mask_pii")
    async def mask_pii(self, ctx: SkillContext, params: MaskParams) -> SkillResult:
        """A new version of a dataset in which personal data is masked."""
        return await personal_service.mask_pii(ctx, params)
