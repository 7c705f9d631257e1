"""The one door to an OpenAI-compatible server. Imported only when a key is set: the client is a large package."""

import asyncio
import json
import time
from typing import Any

from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
)
from pydantic import BaseModel

from .model import Answer, LlmAnswerError, LlmDeadlineError, LlmUnavailableError, parsed, strict_schema

_PAUSE_S = 0.5


class OpenAiChat:
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
        """See `LanguageModel.ask`."""
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
        except json.JSONDecodeError as error:
            raise LlmUnavailableError(f"{self.model} sent a reply that is no JSON.") from error
        return _answer_of(schema_model, completion, self.model)

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


def _answer_of(schema_model: type[Answer], completion: Any, model: str) -> Answer:
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    text = getattr(message, "content", None) or ""
    refusal = getattr(message, "refusal", None)
    if choice is None or refusal or not text:
        why = refusal or "it was empty"
        raise LlmAnswerError(f"{model} gave no answer: {why}.", "", ["The answer was empty."])
    if choice.finish_reason == "length":
        raise LlmAnswerError(f"{model} was cut off.", text, ["The answer was cut off; make it shorter."])
    return parsed(schema_model, text, model)
