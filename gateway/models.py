"""What the gateway takes and gives over HTTP. The OpenAPI document is generated from these classes."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from mesh.analysis import MAX_SOURCES, Analysis, AnalysisStatus
from mesh.results import Model
from mesh.selection import Selection

MAX_QUERY_CHARS = 20_000
MAX_NAME_CHARS = 255

InlineFormat = Literal["csv", "tsv", "json", "jsonl"]
ReportFormat = Literal["html", "md", "json", "ipynb", "csv", "zip"]


def _plain_lines(text: str) -> str:
    """The rarer line separators as line feeds: clients of event streams take them for the end of an event's line."""
    return re.sub("[\u0085\u2028\u2029]", "\n", text)


Query = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUERY_CHARS,
        pattern=r"\S",
        description="The question or task, in English or Korean. The answer comes in the same language.",
        examples=["매출 데이터를 분석하고 예측 모델을 만들어주세요", "Which region sold most?"],
    ),
    AfterValidator(_plain_lines),
]


class UrlData(Model):
    """Data at a public web address. Private, loopback and link-local addresses are refused."""

    url: str = Field(min_length=1, max_length=2048, examples=["https://example.org/sales.csv"])
    name: str | None = Field(
        default=None, min_length=1, max_length=MAX_NAME_CHARS, description="Name to show; else the URL's."
    )


class InlineData(Model):
    """Data written into the request itself, as text."""

    inline: str = Field(
        min_length=1, description="The text of the file.", examples=["day,sales\n2024-01-01,10"]
    )
    name: str | None = Field(default=None, min_length=1, max_length=MAX_NAME_CHARS)
    format: InlineFormat | None = Field(
        default=None, description="How `inline` is to be read. Default: by the ending of `name`, else csv."
    )


def _source_kind(value: Any) -> str:
    if isinstance(value, str):
        return "name"
    if isinstance(value, UrlData) or (isinstance(value, dict) and "url" in value):
        return "url"
    if isinstance(value, Selection) or (isinstance(value, dict) and "connection" in value):
        return "connection"
    return "inline"


def _data_kind(value: Any) -> str:
    """`sources` for a list that holds names or source objects; a list of any other objects is `records`."""
    if not isinstance(value, list):
        return "source"
    named = any(isinstance(item, str) for item in value)
    return "sources" if named or (value and all(_names_source(item) for item in value)) else "records"


def _names_source(item: Any) -> bool:
    if isinstance(item, dict):
        return any(key in item and item.keys() <= fields for key, fields in _SOURCE_FIELDS.items())
    return isinstance(item, UrlData | Selection | InlineData)


_SOURCE_FIELDS = {
    "url": UrlData.model_fields.keys(),
    "connection": Selection.model_fields.keys(),
    "inline": InlineData.model_fields.keys(),
}


FileName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1024,
        description="A file's name, relative to one of the data folders (MESH_DATA_DIRS), a folder (sales/), a pattern "
        "(sales/*.csv), or connection://NAME?table=….",
        examples=["sales_data.csv"],
    ),
]
Records = Annotated[
    list[dict[str, Any]],
    Field(
        min_length=1,
        description="The rows themselves, one object per row.",
        examples=[[{"day": 1, "sales": 10}]],
    ),
]
Source = Annotated[
    Annotated[FileName, Tag("name")]
    | Annotated[UrlData, Tag("url")]
    | Annotated[Selection, Tag("connection")]
    | Annotated[InlineData, Tag("inline")],
    Discriminator(_source_kind),
]
Sources = Annotated[
    list[Source],
    Field(
        min_length=1,
        max_length=MAX_SOURCES,
        description=f"Several sources, at most {MAX_SOURCES}: file names, URLs, connections, inline texts.",
        examples=[["orders.csv", "customers.csv"]],
    ),
]
Data = Annotated[
    Annotated[Source, Tag("source")]
    | Annotated[Sources, Tag("sources")]
    | Annotated[Records, Tag("records")],
    Discriminator(_data_kind),
]


class AnalyzeRequest(Model):
    """A question, and the data it is about."""

    query: Query
    data: Data | None = Field(
        default=None,
        description="A file name, a URL, a connection, inline text, a list of these, or a list of records. Optional.",
    )
    session_id: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_.:-]{1,128}$",
        description="A conversation to continue. Left out, a new one begins; its id is in the answer.",
    )
    params: dict[str, Any] = Field(
        default_factory=dict,
        description="Wishes for the skills that run, by parameter name.",
        examples=[{"horizon": 30, "time_budget_s": 60}],
    )


class AnalyzeForm(Model):
    """The same as multipart/form-data: the fields as text and the file's bytes."""

    query: Query
    session_id: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_.:-]{1,128}$", description="A conversation to continue."
    )
    params: str | None = Field(default=None, description="A JSON object, as text.")
    file: list[Annotated[str, Field(json_schema_extra={"contentMediaType": "application/octet-stream"})]] = (
        Field(
            default_factory=list,
            max_length=MAX_SOURCES,
            description="The file itself: CSV, TSV, Excel, JSON, JSON Lines or Parquet. The field may come several times.",
        )
    )
    data: list[str] = Field(
        default_factory=list,
        max_length=MAX_SOURCES,
        description="A file's name in one of the data folders, or a source object as JSON. The field may come several times.",
    )


class FollowUp(Model):
    """A further question on the data and in the context of an earlier analysis."""

    query: Query
    params: dict[str, Any] = Field(default_factory=dict)


def _http_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must be an http or https address, such as http://127.0.0.1:8301/")
    return text


class AgentAddress(Model):
    """Where an agent is: the base address whose /.well-known/agent-card.json is its card."""

    url: Annotated[str, AfterValidator(_http_address)] = Field(
        min_length=1, max_length=2048, examples=["http://127.0.0.1:8301/"]
    )


class Accepted(Model):
    """An analysis that goes on by itself. `links` are paths at the gateway."""

    id: str
    status: AnalysisStatus
    session_id: str
    links: dict[str, str]


class AnalysisPage(Model):
    """One page of analyses, newest first. `next_cursor` is null on the last."""

    items: list[Analysis]
    next_cursor: str | None = None


class Cancellation(Model):
    """What a cancel led to: `cancelled`, or `cancelling` while it takes effect."""

    id: str
    status: str


class SkillView(BaseModel):
    """A skill as the registry knows it. `consumes` and `produces` are dataflow ports."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str = ""
    description: str = ""
    tags: list[str] = Field(default_factory=list)
    examples: list[str] = Field(default_factory=list)
    stage: str | None = None
    consumes: list[Any] = Field(default_factory=list)
    produces: list[Any] = Field(default_factory=list)


class InstanceView(BaseModel):
    """One running copy of an agent."""

    model_config = ConfigDict(extra="allow")

    instance: str
    url: str
    state: str = "unknown"
    last_seen: str | float | None = None
    latency_ms: float | None = None


class AgentView(BaseModel):
    """An agent as the registry knows it; `state` is unknown, healthy, suspect or offline."""

    model_config = ConfigDict(extra="allow")

    name: str
    version: str = ""
    description: str = ""
    state: str = "unknown"
    skills: list[SkillView] = Field(default_factory=list)
    instances: list[InstanceView] = Field(default_factory=list)
    source: str = "file"
    card_url: str | None = None
    builtin: bool = False


class AgentList(Model):
    """Every registered agent, by name."""

    agents: list[AgentView]


class Lineage(BaseModel):
    """What was made from what: a directed graph."""

    model_config = ConfigDict(extra="allow")

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


class FieldError(Model):
    """What is wrong with one field of a request."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details. `detail` says what happened and what to do about it."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    reason: str = Field(default="internal", description="A machine-readable word, such as bad_input.")
    errors: list[FieldError] | None = Field(
        default=None, description="Which fields are at fault, for a malformed request."
    )
