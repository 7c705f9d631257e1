"""What skills take and give: references to data, findings with their evidence, typed outputs.

A message never carries a table: datasets and files travel as references into storage, structured results
as JSON objects of at most `MAX_DATA_BYTES`.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .addresses import refuse_credentials

MAX_DATA_BYTES = 512 * 1024

SemanticType = Literal[
    "identifier", "category", "boolean", "measure", "intensive", "count", "date", "geo", "text", "unknown"
]


class Model(BaseModel):
    """Base of every wire model: unknown fields are refused, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Model):
    """One column of a dataset.

    `type` is the physical type: `integer`, `number`, `boolean`, `datetime`, `date` or `string`. `semantic` says what the
    values mean: a `measure` adds up (revenue, quantity), an `intensive` quantity does not (price, rate, age).
    `confidence` in [0, 1] is how sure the one who set `semantic` was; None when nobody said.
    """

    name: str
    type: str
    semantic: SemanticType = "unknown"
    unit: str | None = None
    nullable: bool = True
    confidence: float | None = Field(default=None, ge=0, le=1)


class DatasetRef(Model):
    """A table in storage: Parquet at `uri`, content-addressed by `sha256` of its bytes."""

    id: str
    version: int = 1
    name: str
    uri: str
    format: Literal["parquet"] = "parquet"
    columns: list[Column]
    rows: int
    bytes: int
    sha256: str


class FileRef(Model):
    """A file in storage: a chart, a model, a notebook, or the source that a person sent.

    `uri` is `mesh://objects/<sha256>`, or for a source that is not in storage yet `file://…`, `http(s)://…` or
    `connection://NAME?…`. It never carries a user or a password (ForbiddenError).
    """

    name: str
    media_type: str = "application/octet-stream"
    uri: str
    bytes: int | None = None
    sha256: str | None = None

    @field_validator("uri")
    @classmethod
    def _without_credentials(cls, value: str) -> str:
        refuse_credentials(value)
        return value


class Finding(Model):
    """One sentence, with the numbers it states by name. `importance` in [0, 1] ranks it."""

    text: str
    evidence: dict[str, Any] = Field(default_factory=dict)
    importance: float = Field(default=0.5, ge=0, le=1)
    kind: str = ""
    step: str | None = None


class Table(Model):
    """A small result table for people: at most a few hundred rows."""

    title: str
    columns: list[str]
    rows: list[list[Any]]
    note: str = ""


class Kpi(Model):
    """A headline number. `text` is how to print it, `value` the number itself."""

    label: str
    value: float
    text: str
    note: str = ""


class Output(Model):
    """One named, typed thing that a skill produced: exactly one of dataset, file or data is set, or file and data for a chart.

    `type` is a word of the dataflow extension: `source`, `dataset`, `quality_report`, `eda_report`, `chart`, `model`,
    `forecast`, `answer`, `notebook`, `text`, …
    """

    name: str
    type: str
    title: str = ""
    description: str = ""
    dataset: DatasetRef | None = None
    file: FileRef | None = None
    files: list[FileRef] = Field(default_factory=list)
    data: dict[str, Any] | None = None


class SkillResult(Model):
    """What a skill returns. `summary` is one or two sentences in the language of the question."""

    summary: str
    outputs: list[Output] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    kpis: list[Kpi] = Field(default_factory=list)
    tables: list[Table] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
