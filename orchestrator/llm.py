"""The one door to a language model: a structured answer within a deadline, or a typed error."""

import asyncio
import copy
import time
from typing import Any, TypeVar

from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
)
from pydantic import BaseModel, ValidationError

from mesh.errors import DeadlineError, MeshError, UnavailableError

Answer = TypeVar("Answer", bound=BaseModel)

_PAUSE_S = 0.5


class LlmUnavailableError(UnavailableError):
    """The model cannot be reached, refuses the key, or is out of capacity."""

    title = "The language model is not available"


class LlmDeadlineError(DeadlineError):
    """The model did not answer in the time given."""

    title = "The language model was too slow"


class LlmAnswerError(MeshError):
    """The model answered, and not in the form that was asked for. `answer` is what it said."""

    status = 502
    reason = "unavailable"
    title = "The language model's answer cannot be used"

    def __init__(self, message: str, answer: str, problems: list[str]) -> None:
        super().__init__(message, problems=problems)
        self.answer = answer
        self.problems = problems


class StructuredLlm:
    """An OpenAI-compatible chat model that answers with JSON of a given schema.

    Args: `base_url` None means OpenAI's own; `model` the model's name; `temperature` 0 keeps answers repeatable.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str | None = None,
        model: str = "gpt-4o",
        *,
        max_retries: int = 1,
        temperature: float | None = 0.0,
    ) -> None:
        self.model = model
        self._max_retries = max_retries
        self._temperature = temperature
        self._client = AsyncOpenAI(api_key=api_key, base_url=base_url, max_retries=0)

    async def ask(self, schema_model: type[Answer], system: str, user: str, deadline_s: float) -> Answer:
        """The model's answer as `schema_model`.

        Raises: LlmDeadlineError when it takes longer than `deadline_s`, retries included; LlmUnavailableError on a refused
        connection, an error status or a rate limit that outlasts the retries; LlmAnswerError when the answer is refused, cut
        off, no JSON, or does not fit the schema.
        """
        try:
            async with asyncio.timeout(deadline_s):
                completion = await self._persist(schema_model, system, user, deadline_s)
        except (TimeoutError, APITimeoutError) as error:
            raise LlmDeadlineError(f"{self.model} did not answer within {deadline_s:g} s.") from error
        except APIStatusError as error:
            raise LlmUnavailableError(f"{self.model} answered with status {error.status_code}.") from error
        except APIConnectionError as error:
            raise LlmUnavailableError(
                f"{self.model} cannot be reached at {self._client.base_url}."
            ) from error
        except APIError as error:
            raise LlmUnavailableError(f"{self.model} failed: {error.message}.") from error
        return _parsed(schema_model, completion, self.model)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def _persist(self, schema_model: type[BaseModel], system: str, user: str, deadline_s: float) -> Any:
        """Tries again after a rate limit, a server error or a broken connection, unless the wait outlasts the deadline."""
        ends = time.monotonic() + deadline_s
        for retries_left in range(self._max_retries, -1, -1):
            remaining_s = ends - time.monotonic()
            try:
                return await self._complete(schema_model, system, user, remaining_s)
            except (APIStatusError, APIConnectionError) as error:
                pause_s = _pause_before_retry(error)
                if pause_s is None or not retries_left or pause_s >= ends - time.monotonic():
                    raise
            await asyncio.sleep(pause_s)
        raise AssertionError("the last try returns or raises")

    async def _complete(
        self, schema_model: type[BaseModel], system: str, user: str, deadline_s: float
    ) -> Any:
        extra: dict[str, Any] = {} if self._temperature is None else {"temperature": self._temperature}
        return await self._client.chat.completions.create(
            model=self.model,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
            response_format={
                "type": "json_schema",
                "json_schema": {
                    "name": schema_model.__name__,
                    "schema": strict_schema(schema_model),
                    "strict": True,
                },
            },
            timeout=deadline_s,
            **extra,
        )


def _pause_before_retry(error: APIStatusError | APIConnectionError) -> float | None:
    """Seconds to wait, as the server says or half a second; None for what will not change by itself."""
    if not isinstance(error, APIStatusError):
        return None if isinstance(error, APITimeoutError) else _PAUSE_S
    if error.status_code not in (408, 409, 429) and error.status_code < 500:
        return None
    said = error.response.headers.get("retry-after", "")
    return float(said) if said.replace(".", "", 1).isdigit() else _PAUSE_S


def strict_schema(schema_model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON Schema in the strict form: every property required, none besides, no defaults."""
    schema = copy.deepcopy(schema_model.model_json_schema())
    _tighten(schema)
    return schema


def _tighten(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _tighten(item)
    if not isinstance(node, dict):
        return
    if node.get("type") == "object" and "properties" in node:
        node["additionalProperties"] = False
        node["required"] = list(node["properties"])
        for field in node["properties"].values():
            field.pop("default", None)
    for item in node.values():
        _tighten(item)


def _parsed(schema_model: type[Answer], completion: Any, model: str) -> Answer:
    choice = completion.choices[0] if completion.choices else None
    text = (choice.message.content or "") if choice else ""
    if choice is None or choice.message.refusal or not text:
        said = choice.message.refusal if choice else None
        raise LlmAnswerError(
            f"{model} gave no answer: {said or 'it was empty'}.", "", ["The answer was empty."]
        )
    if choice.finish_reason == "length":
        raise LlmAnswerError(f"{model} was cut off.", text, ["The answer was cut off; make it shorter."])
    try:
        return schema_model.model_validate_json(text)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in item['loc']) or 'answer'}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise LlmAnswerError(f"{model} did not answer in the form asked for.", text, problems) from error
