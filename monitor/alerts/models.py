"""Alerts and silences as the Alertmanager v2 API writes them: camelCase names, RFC 3339 times, unknown fields ignored."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from .labels import Labels

AlertState = Literal["active", "suppressed", "resolved"]
SilenceState = Literal["pending", "active", "expired"]


def _zero_is_none(value: Any) -> Any:
    """Go's zero time, which Prometheus sends for a time that is not set."""
    return None if isinstance(value, str) and value.startswith("0001-01-01") else value


OptionalTime = Annotated[AwareDatetime | None, BeforeValidator(_zero_is_none)]


def _api_name(field: str) -> str:
    return to_camel(field).replace("Url", "URL")


class ApiModel(BaseModel):
    """Base of the API's models."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, alias_generator=_api_name)


class PostedAlert(ApiModel):
    """An alert as a sender reports it."""

    labels: Labels
    annotations: dict[str, str] = Field(default_factory=dict)
    starts_at: OptionalTime = None
    ends_at: OptionalTime = None
    generator_url: str = ""


class Alert(ApiModel):
    """An alert as it is kept. `is_timeout` says that `ends_at` is a guess, to be moved on by the next report."""

    fingerprint: str
    labels: Labels
    annotations: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime
    generator_url: str = ""
    is_timeout: bool = Field(default=False, exclude=True)


class Receiver(ApiModel):
    """Who would be told."""

    name: str = "default"


class AlertStatus(ApiModel):
    """Whether an alert is active or suppressed, and by which silences."""

    state: Literal["active", "suppressed"]
    silenced_by: list[str] = Field(default_factory=list)
    inhibited_by: list[str] = Field(default_factory=list)
    muted_by: list[str] = Field(default_factory=list)


class ListedAlert(Alert):
    """An alert as it is listed."""

    receivers: list[Receiver]
    status: AlertStatus


class AlertGroup(ApiModel):
    """Alerts that belong together: here all of them, as no route groups them."""

    labels: Labels = Field(default_factory=dict)
    receiver: Receiver
    alerts: list[ListedAlert]


class MatcherModel(ApiModel):
    """A condition on one label."""

    name: str = Field(min_length=1)
    value: str = Field(max_length=2048)
    is_regex: bool
    is_equal: bool = True


class PostedSilence(ApiModel):
    """A silence as a person asks for it. With `id` it changes that silence."""

    id: str | None = None
    matchers: list[MatcherModel] = Field(min_length=1, max_length=64)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    created_by: str = Field(min_length=1, max_length=200)
    comment: str = Field(max_length=2000)


class Silence(ApiModel):
    """A silence as it is kept."""

    id: str
    matchers: list[MatcherModel]
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime
    created_by: str
    comment: str


class SilenceStatus(ApiModel):
    """Whether a silence is still to come, works now, or is over."""

    state: SilenceState


class ListedSilence(Silence):
    """A silence as it is listed."""

    status: SilenceStatus


class Transition(ApiModel):
    """A change of an alert's state."""

    at: datetime
    fingerprint: str
    labels: Labels
    before: AlertState | None
    after: AlertState


class AlertQuery(ApiModel):
    """Which alerts to list."""

    active: bool = True
    silenced: bool = True
    inhibited: bool = True
    unprocessed: bool = True
    filter: list[str] = Field(default_factory=list, max_length=64)
    receiver: str = ""
