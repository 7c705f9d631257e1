"""Has a language model read what the built-in reading does not answer or is unsure of, and says what came of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from mesh.language import Language, say
from mesh.llm.model import LanguageModel

from .asking import Run, ask_for_sql
from .labels import number_text
from .notes import truncation_note
from .voting import Candidate, elect, same_result
from .wording import too_many

SURE = 0.8
"""At this confidence the built-in reading stands alone and no model is asked."""
_CONFIDENCE = {2: 0.6, 3: 0.75}
_CALLS = 2.0


@dataclass(frozen=True)
class SecondReader:
    """The model, `facts` to learn what it may be told of the table, `run` for its queries, and the deadline of one call."""

    model: LanguageModel
    facts: Callable[[], Awaitable[dict[str, Any]]]
    run: Run
    ask_s: float

    async def read(self, first: dict[str, Any], language: Language) -> dict[str, Any]:
        """The data of an `answer` after a second reading of the first one's question.

        A sure answer, one that no query could give, and one too long to be compared are returned as they are. An unsure
        one is confirmed or contradicted in a note, and never replaced. In place of an abstention stands what at least two
        of three queries agree on.
        """
        settled = first["kind"] == "sql" or first["beyond_sql"] or first["confidence"] >= SURE
        if settled or first["row_count"] > len(first["rows"]):
            return first
        facts = await self.facts()
        total_s = _CALLS * self.ask_s
        attempts = await ask_for_sql(self.model, facts, self.run, ask_s=self.ask_s, total_s=total_s)
        elected = elect(attempts.candidates)
        if elected is None:
            return _noted(first, _no_agreement(self.model.model, attempts.problems, language))
        winner, votes = elected
        if not first["abstained"]:
            same = same_result(first["rows"], winner.rows)
            noted = _noted(first, _compared(self.model.model, winner.sql, same, language))
            return noted if same else {**noted, "other_sql": winner.sql}
        return {
            **first,
            "turns": [],
            "sql": winner.sql,
            "pandas": "",
            "columns": winner.columns,
            "rows": winner.rows,
            "row_count": len(winner.rows),
            "answer": _sentence(winner, language),
            "confidence": _CONFIDENCE[votes],
            "abstained": False,
            "kind": "value" if len(winner.rows) == len(winner.columns) == 1 else "model_sql",
            "label": winner.columns[0],
            "suggestions": [],
            "notes": [
                _told(self.model.model, first["answer"], votes, language),
                *truncation_note(winner.more, len(winner.rows), language),
            ],
            "settings": {"attempts": 3, "agreeing": votes},
        }


def _noted(data: dict[str, Any], note: str) -> dict[str, Any]:
    return {**data, "notes": [*data["notes"], note]}


def _sentence(winner: Candidate, language: Language) -> str:
    """What the rows show; every number in it is one of them, or how many there are."""
    rows = winner.rows
    if winner.more:
        return too_many(len(rows), language)
    first = ", ".join(f"{name} {_text(value)}" for name, value in zip(winner.columns, rows[0], strict=True))
    if len(rows) == 1:
        return say(language, en="The answer: {f}.", ko="답은 {f}입니다.", f=first)
    return say(
        language,
        en="The answer has {n:,} rows; the first is {f}.",
        ko="결과는 {n:,}행이며, 첫 행은 {f}입니다.",
        n=len(rows),
        f=first,
    )


def _text(value: Any) -> str:
    return "-" if value is None else number_text(value)


def _told(model: str, reason: str, votes: int, language: Language) -> str:
    return say(
        language,
        en="{r} The language model {m} wrote this query instead; {v} of {n} attempts gave the same rows. Check the SQL.",
        ko="{r} 대신 언어 모델 {m}(이/가) 이 SQL을 썼으며, {n}번의 시도 가운데 {v}번의 결과가 같았습니다. SQL을 확인해 주십시오.",
        r=reason,
        m=model,
        v=votes,
        n=3,
    )


def _compared(model: str, sql: str, same: bool, language: Language) -> str:
    if same:
        return say(
            language,
            en="The language model {m}, asked as well, comes to the same rows.",
            ko="언어 모델 {m}도 같은 결과에 이르렀습니다.",
            m=model,
        )
    return say(
        language,
        en="The language model {m} understands the question differently and comes to other rows; its query: {s}",
        ko="언어 모델 {m}(은/는) 질문을 다르게 이해하여 다른 결과에 이르렀습니다. 그 SQL: {s}",
        m=model,
        s=sql,
    )


def _no_agreement(model: str, problems: list[str], language: Language) -> str:
    why = problems[0] if problems else ""
    return say(
        language,
        en="The language model {m} was asked as well; its queries did not agree on an answer. {w}",
        ko="언어 모델 {m}에도 물었으나 일치하는 답을 얻지 못했습니다. {w}",
        m=model,
        w=why,
    ).strip()
