"""The hub's tables. Times are UTC, kept as epoch seconds; JSON is kept as text."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

metadata = MetaData()

datasets = Table(
    "hub_datasets",
    metadata,
    Column("dataset_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("analysis_id", String(200), nullable=False),
    Column("step", String(200), nullable=False),
    Column("created_at", Double, nullable=False),
    Index("ix_hub_datasets_created_at", "created_at", "dataset_id", "version"),
)

steps = Table(
    "hub_steps",
    metadata,
    Column("analysis_id", String(200), primary_key=True),
    Column("step", String(200), primary_key=True),
    Column("skill", String(200), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("seconds", Double, nullable=False),
    Column("cached", Boolean, nullable=False),
    Column("created_at", Double, nullable=False),
)

nodes = Table(
    "hub_nodes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("facts", Text, nullable=False),
)

edges = Table(
    "hub_edges",
    metadata,
    Column("source", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("analysis_id", String(200), nullable=False),
    Index("ix_hub_edges_target", "target"),
    Index("ix_hub_edges_analysis_id", "analysis_id"),
)

cache = Table(
    "hub_cache",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("value", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("used_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Index("ix_hub_cache_used_at", "used_at", "key"),
    Index("ix_hub_cache_expires_at", "expires_at"),
)


def insert_into(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
