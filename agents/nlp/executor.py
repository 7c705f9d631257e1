"""Question answering over A2A: takes a dataset and a question, gives an `answer` with the SQL behind it."""

from pydantic import Field

from mesh import Agent, Params, SkillContext, SkillResult, skill

from .service import answer


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
    """Answers questions; reading, checking and running the query happens in the compute process."""

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
