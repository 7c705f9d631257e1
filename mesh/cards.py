"""Agent Cards: reading them, addressing them, and the dataflow extension that says what a skill takes and gives."""

import functools
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from a2a.types import AgentCard
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from pydantic import Field, ValidationError

from .errors import BadInputError
from .results import Model

DATAFLOW_URI = "urn:a2a-mesh:dataflow:v1"
REST_PATH = "/a2a/rest"


class Flow(Model):
    """One input or output of a skill: its name, its type, and whether it may be left out or come as a list."""

    name: str
    type: str
    required: bool = False
    many: bool = False


class SkillFlow(Model):
    """What the dataflow extension says of one skill. `names` gives its name in other languages, by language code.

    `uses_goal` is false when the result does not depend on the words of the question, so that another question on the same data
    can use it again. `cached` is false when a result must not be used again at all: the skill changes something, or says how
    something is that changes by itself.
    """

    names: dict[str, str] = Field(default_factory=dict)
    stage: str = ""
    weight: float = 1.0
    plannable: bool = True
    uses_goal: bool = True
    cached: bool = True
    consumes: list[Flow] = Field(default_factory=list)
    produces: list[Flow] = Field(default_factory=list)
    params: dict[str, Any] = Field(default_factory=dict)


def read_card(path: Path) -> dict[str, Any]:
    """The card in a file, as A2A JSON.

    Raises: BadInputError naming the file and what is wrong with it.
    """
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInputError(f"The card {path} cannot be read: {error}.") from None
    check_card(card, str(path))
    return dict(card)


def check_card(card: Any, where: str) -> None:
    """Raises: BadInputError unless `card` is an A2A 1.0 card with an address and a valid dataflow extension."""
    if not isinstance(card, dict):
        raise BadInputError(f"The card at {where} is not a JSON object.")
    try:
        parsed = to_proto(card)
    except ParseError as error:
        raise BadInputError(f"The card at {where} is not an A2A 1.0 Agent Card: {error}.") from None
    if not parsed.name or not parsed.supported_interfaces or not parsed.supported_interfaces[0].url:
        raise BadInputError(
            f"The card at {where} needs a name and at least one entry in supportedInterfaces."
        )
    try:
        skill_flows(card)
    except ValidationError as error:
        raise BadInputError(f"The dataflow extension of the card at {where} is not valid: {error}.") from None


def to_proto(card: dict[str, Any]) -> AgentCard:
    """The SDK's message for a card in JSON form."""
    return ParseDict(card, AgentCard(), ignore_unknown_fields=True)


def to_json(card: AgentCard) -> dict[str, Any]:
    """The JSON form of the SDK's card message."""
    return MessageToDict(card)


def skill_flows(card: dict[str, Any]) -> dict[str, SkillFlow]:
    """What each skill takes and gives, by skill id; empty for a card without the extension.

    Raises: pydantic.ValidationError when an entry is malformed.
    """
    for extension in card.get("capabilities", {}).get("extensions", []):
        if extension.get("uri") == DATAFLOW_URI:
            entries = extension.get("params", {}).get("skills", {})
            return {skill_id: SkillFlow.model_validate(entry) for skill_id, entry in entries.items()}
    return {}


@functools.lru_cache(maxsize=256)
def card_port(path: Path) -> int:
    """The port in a card's first interface; 0 when it names none."""
    return urlsplit(interface_url(read_card(path))).port or 0


def interface_url(card: dict[str, Any], binding: str = "JSONRPC") -> str:
    """The address of a card's `binding` interface, or of its first one."""
    interfaces = card["supportedInterfaces"]
    chosen = next((item for item in interfaces if item.get("protocolBinding") == binding), interfaces[0])
    return str(chosen["url"])


def readdressed(card: dict[str, Any], base_url: str) -> dict[str, Any]:
    """The card with its HTTP interfaces under `base_url` and its gRPC interface on the same host.

    The gRPC port keeps its distance from the JSON-RPC port.
    """
    base = base_url.rstrip("/")
    host, port = urlsplit(base).hostname or "127.0.0.1", urlsplit(base).port or 80
    old_port = urlsplit(interface_url(card)).port or port
    interfaces = []
    for item in card["supportedInterfaces"]:
        if item.get("protocolBinding") == "GRPC":
            grpc_port = int(str(item["url"]).rsplit(":", 1)[1]) - old_port + port
            interfaces.append({**item, "url": f"{host}:{grpc_port}"})
        else:
            path = urlsplit(str(item["url"])).path or "/"
            interfaces.append({**item, "url": base + path})
    return {**card, "supportedInterfaces": interfaces}
