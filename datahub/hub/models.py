"""What the hub takes and gives: steps, catalogue entries, lineage, the cache."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mesh.results import DatasetRef, Model, Output

Identifier = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class StepRecord(Model):
    """One finished step of an analysis: what it was given and what it made of it."""

    analysis_id: Identifier
    step: Identifier
    skill: Identifier
    agent: Identifier
    inputs: list[Output] = Field(default_factory=list, max_length=1000)
    outputs: list[Output] = Field(default_factory=list, max_length=1000)
    seconds: float = Field(default=0.0, ge=0)
    cached: bool = False


class CatalogueEntry(Model):
    """A dataset with its schema, and the step that first produced or used it."""

    dataset: DatasetRef
    analysis_id: str
    step: str
    created_at: datetime


class DatasetPage(Model):
    """Datasets, the newest first. `next_cursor` is None on the last page."""

    items: list[CatalogueEntry]
    next_cursor: str | None = None


class Node(Model):
    """A thing in the lineage graph. `kind` is `step`, or an output's type: `source`, `dataset`, `chart`, …"""

    id: str
    kind: str
    label: str
    facts: dict[str, Any] = Field(default_factory=dict)


class Edge(Model):
    """`source` went into `target`: an input into its step, or a step into its output."""

    source: str
    target: str


class Lineage(Model):
    """A part of the lineage graph. `truncated` says that more edges exist than one answer carries."""

    nodes: list[Node]
    edges: list[Edge]
    truncated: bool = False


class CacheAnswer(Model):
    """What the cache holds under a key; `value` is None on a miss."""

    hit: bool
    value: dict[str, Any] | None = None


class CacheStats(Model):
    """How full the cache is. `hits` counts the answers given by the entries that are in it now."""

    entries: int
    bytes: int
    hits: int
    max_entries: int
    max_bytes: int
    oldest_use: datetime | None = None


class DatasetQuery(Model):
    """Which dataset; the newest version unless told."""

    dataset_id: Identifier = Field(description="The dataset's id.")
    version: int | None = Field(default=None, ge=1, description="A version; the newest when left out.")


class DatasetsQuery(Model):
    """Which part of the catalogue."""

    limit: int = Field(default=50, ge=1, le=500, description="How many datasets, the newest first.")
    cursor: str | None = Field(default=None, description="The last page's next_cursor.")
    name: str = Field(
        default="", pattern=r"^[^\x00]*$", description="Only names that contain this, in any case."
    )


class LineageQuery(Model):
    """Whose lineage: exactly one of the two."""

    analysis_id: Identifier | None = Field(default=None, description="An analysis.")
    dataset_id: Identifier | None = Field(default=None, description="A dataset.")


class CacheKey(Model):
    """Which cached result."""

    key: Identifier = Field(description="Digest of everything that the result depends on.")


class CacheEntry(CacheKey):
    """A result to keep."""

    value: dict[str, Any] = Field(description="The result; large data belongs into storage.")
    ttl_s: float | None = Field(default=None, gt=0, description="How long to keep it, in seconds.")


class Recorded(Model):
    """Whether a step was new to the hub."""

    recorded: bool


class CacheKept(Model):
    """How many other entries made room for one."""

    evicted: int
