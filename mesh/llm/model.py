"""What is asked of a language model: a structured answer within a deadline, or a typed error."""

import copy
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from mesh.errors import DeadlineError, MeshError, UnavailableError

Answer = TypeVar("Answer", bound=BaseModel)

_NOT_IN_STRICT_MODE = ("default", "minLength", "maxLength", "minimum", "maximum")


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


class LanguageModel(Protocol):
    """A chat model that answers with JSON of a given schema. `model` is its name."""

    model: str

    async def ask(self, schema_model: type[Answer], system: str, user: str, deadline_s: float) -> Answer:
        """The model's answer as `schema_model`.

        Raises: LlmDeadlineError when it takes longer than `deadline_s`, retries included; LlmUnavailableError on a refused
        connection, an error status or a rate limit that outlasts the retries; LlmAnswerError when the answer is refused, cut
        off, no JSON, or does not fit the schema.
        """
        ...

    async def aclose(self) -> None:
        """Closes the connections."""
        ...


def strict_schema(schema_model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON Schema in the strict form: every property required, none besides.

    Defaults and bounds are left out, which some servers refuse; the answer is checked against the whole model anyway.
    """
    schema = copy.deepcopy(schema_model.model_json_schema())
    _tighten(schema)
    return schema


def parsed(schema_model: type[Answer], text: str, model: str) -> Answer:
    """The text as `schema_model`. Raises: LlmAnswerError that lists what does not fit."""
    try:
        return schema_model.model_validate_json(text)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in item['loc']) or 'answer'}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise LlmAnswerError(f"{model} did not answer in the form asked for.", text, problems) from error


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
            for keyword in _NOT_IN_STRICT_MODE:
                field.pop(keyword, None)
    for item in node.values():
        _tighten(item)
