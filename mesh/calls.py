"""A skill call and its reply as A2A messages and artifacts.

A call is a message with a data part `{"skill", "inputs", "params"}` and a text part with the goal; what concerns the call
itself (language, analysis, idempotency key, remaining time) is message metadata.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from a2a.types import Artifact, Message, Part, Role
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Value
from pydantic import TypeAdapter, ValidationError

from .addresses import refuse_credentials
from .errors import InvalidRequestError
from .language import Language, detect_language
from .results import FileRef, Output, SkillResult

RESULT_MEDIA_TYPE = "application/vnd.a2a-mesh.result+json"
IDEMPOTENCY_KEY = "idempotency_key"
RESULT_ARTIFACT = "result"
# JSON leaves these as they are, and readers of event streams take them for the end of a line.
_LINE_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}
Inputs = dict[str, list[Output]]
_INPUTS: TypeAdapter[dict[str, Output | list[Output]]] = TypeAdapter(dict[str, Output | list[Output]])


@dataclass(frozen=True)
class SkillCall:
    """A decoded call. `skill` is None when the caller left the choice to the agent."""

    skill: str | None
    goal: str
    language: Language
    params: dict[str, Any] = field(default_factory=dict)
    inputs: Inputs = field(default_factory=dict)
    files: list[Part] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


def new_id(prefix: str) -> str:
    """A fresh random id such as `an-3f2a…` (16 hex digits)."""
    return f"{prefix}-{uuid.uuid4().hex[:16]}"


def text_part(text: str) -> Part:
    """A part that carries text."""
    return Part(text=text.translate(_LINE_BREAKS))


def data_part(data: Any, media_type: str = "application/json") -> Part:
    """A part that carries JSON."""
    return Part(data=ParseDict(_on_one_line(data), Value()), media_type=media_type)


def url_part(url: str, *, name: str = "", media_type: str = "") -> Part:
    """A part that refers to a file by its address."""
    return Part(url=url, filename=name, media_type=media_type)


def bytes_part(raw: bytes, *, name: str = "", media_type: str = "application/octet-stream") -> Part:
    """A part that carries a small file."""
    return Part(raw=raw, filename=name, media_type=media_type)


def part_data(part: Part) -> Any:
    """The JSON of a data part; whole numbers come back as int."""
    return _whole(MessageToDict(part.data))


def encode_call(
    skill: str,
    params: dict[str, Any],
    *,
    inputs: Inputs | None = None,
    goal: str = "",
    metadata: dict[str, Any] | None = None,
    message_id: str | None = None,
    context_id: str | None = None,
    task_id: str | None = None,
) -> Message:
    """The A2A message of a skill call."""
    wire_inputs = {
        name: [item.model_dump(mode="json", exclude_none=True) for item in items]
        for name, items in (inputs or {}).items()
    }
    parts = [data_part({"skill": skill, "inputs": wire_inputs, "params": params})]
    if goal:
        parts.append(text_part(goal))
    return Message(
        message_id=message_id or uuid.uuid4().hex,
        role=Role.ROLE_USER,
        parts=parts,
        metadata=metadata or {},
        context_id=context_id or "",
        task_id=task_id or "",
    )


def decode_call(message: Message) -> SkillCall:
    """The call in a message: from its data part, or from plain text and files.

    Raises: InvalidRequestError when the data part is not a call; ForbiddenError when an address carries a password.
    """
    texts = [part.text for part in message.parts if part.WhichOneof("content") == "text"]
    files = [part for part in message.parts if part.WhichOneof("content") in ("raw", "url")]
    for part in files:
        refuse_credentials(part.url)
    metadata = MessageToDict(message.metadata)
    goal = "\n".join(texts)
    language = metadata.get("language") or detect_language(goal)
    for part in message.parts:
        if part.WhichOneof("content") == "data":
            body = part_data(part)
            if isinstance(body, dict) and "skill" in body:
                return _decode_body(body, goal, "ko" if language == "ko" else "en", files, metadata)
    return SkillCall(None, goal, "ko" if language == "ko" else "en", files=files, metadata=metadata)


def encode_result(result: SkillResult, file_url: Any) -> list[Artifact]:
    """The artifacts of a finished skill: one `result` with everything structured, and one per file for any A2A client.

    Args: `file_url` maps a FileRef to the address a client can fetch.
    """
    body = data_part(result.model_dump(mode="json", exclude_none=True), RESULT_MEDIA_TYPE)
    artifacts = [
        Artifact(artifact_id=RESULT_ARTIFACT, name=RESULT_ARTIFACT, parts=[text_part(result.summary), body])
    ]
    for position, output in enumerate(result.outputs):
        files = [output.file] if output.file else []
        parts = [
            url_part(file_url(ref), name=ref.name, media_type=ref.media_type)
            for ref in [*files, *output.files]
        ]
        if parts:
            artifacts.append(
                Artifact(
                    artifact_id=f"{output.name}-{position}",
                    name=output.name,
                    description=output.title,
                    parts=parts,
                )
            )
    return artifacts


def decode_result(artifacts: list[Artifact]) -> SkillResult:
    """The result in a finished task's artifacts; a stranger's text, data and files become outputs of type `text`."""
    for artifact in artifacts:
        for part in artifact.parts:
            if part.WhichOneof("content") == "data" and part.media_type == RESULT_MEDIA_TYPE:
                return SkillResult.model_validate(part_data(part))
    return _foreign_result(artifacts)


def message_result(message: Message) -> SkillResult:
    """The result in a direct message reply."""
    return decode_result([Artifact(artifact_id="reply", name="reply", parts=message.parts)])


def _decode_body(
    body: dict[str, Any], goal: str, language: Language, files: list[Part], metadata: dict[str, Any]
) -> SkillCall:
    unknown = set(body) - {"skill", "inputs", "params"}
    if unknown:
        raise InvalidRequestError(
            f"A skill call has skill, inputs and params; {sorted(unknown)} is not known."
        )
    try:
        given = _INPUTS.validate_python(body.get("inputs") or {})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidRequestError(f"The inputs of the call are not valid: {field}: {first['msg']}.") from None
    inputs = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return SkillCall(
        str(body["skill"]), goal, language, dict(body.get("params") or {}), inputs, files, metadata
    )


def _foreign_result(artifacts: list[Artifact]) -> SkillResult:
    texts: list[str] = []
    outputs: list[Output] = []
    for artifact in artifacts:
        name = artifact.name or artifact.artifact_id or "artifact"
        said = [part.text for part in artifact.parts if part.WhichOneof("content") == "text"]
        data = [part_data(part) for part in artifact.parts if part.WhichOneof("content") == "data"]
        files = [
            FileRef(
                name=part.filename or name,
                media_type=part.media_type or "application/octet-stream",
                uri=part.url,
            )
            for part in artifact.parts
            if part.WhichOneof("content") == "url"
        ]
        texts.extend(said)
        body: dict[str, Any] = {"text": "".join(said)} if said else {}
        for item in data:
            body.update(item if isinstance(item, dict) else {"value": item})
        outputs.append(Output(name=name, type="text", title=artifact.name, data=body or None, files=files))
    return SkillResult(summary="\n".join(texts), outputs=outputs)


def _on_one_line(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_LINE_BREAKS)
    if isinstance(value, dict):
        return {_on_one_line(key): _on_one_line(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_on_one_line(item) for item in value]
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
