"""The catalogue and the lineage graph in SQLite or PostgreSQL."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, text, tuple_
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from mesh.results import DatasetRef

from .lineage import dataset_node_id, step_graph, step_id, things
from .models import CatalogueEntry, Edge, Lineage, Node, StepRecord
from .tables import datasets, edges, insert_into, nodes, steps

_LINEAGE_LOCK = 850001
_IDS_PER_QUERY = 5000

_Pair = tuple[str, str]


class CatalogueStore:
    """Datasets, steps and the graph between them. `edge_limit` bounds one lineage answer."""

    def __init__(self, engine: AsyncEngine, *, edge_limit: int = 2000) -> None:
        self._engine = engine
        self._edge_limit = edge_limit

    async def record(self, record: StepRecord, created_at: float) -> bool:
        """Write a step, its datasets and its lineage, all or nothing; False when the step is known."""
        async with self._engine.begin() as connection:
            row = record.model_dump(include={"analysis_id", "step", "skill", "agent", "seconds", "cached"})
            new_step = insert_into(connection, steps).values(**row, created_at=created_at)
            if (await connection.execute(new_step.on_conflict_do_nothing())).rowcount == 0:
                return False
            if connection.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LINEAGE_LOCK})"))
            ancestors = await self._ancestors(connection, [node.id for node in things(record, record.inputs)])
            new_nodes, new_edges = step_graph(record, ancestors)
            await self._add_graph(connection, record.analysis_id, new_nodes, new_edges)
            for output in [*record.inputs, *record.outputs]:
                if output.dataset is not None:
                    await self._add_dataset(connection, output.dataset, record, created_at)
        return True

    async def dataset(self, dataset_id: str, version: int | None = None) -> CatalogueEntry | None:
        """One version of a dataset, the newest unless `version` is given."""
        query = select(datasets).where(datasets.c.dataset_id == dataset_id)
        if version is not None:
            query = query.where(datasets.c.version == version)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query.order_by(datasets.c.version.desc()).limit(1))).first()
        return None if row is None else _entry(row)

    async def page(
        self, *, name: str, before: tuple[float, str, int] | None, limit: int
    ) -> list[CatalogueEntry]:
        """Datasets whose name contains `name`, whatever its case, newest first, strictly after `before`."""
        key = (datasets.c.created_at, datasets.c.dataset_id, datasets.c.version)
        query = select(datasets).order_by(*(column.desc() for column in key)).limit(limit)
        if name:
            query = query.where(func.lower(datasets.c.name).contains(name.lower(), autoescape=True))
        if before is not None:
            query = query.where(tuple_(*key) < tuple_(*before))
        async with self._engine.connect() as connection:
            return [_entry(row) for row in await connection.execute(query)]

    async def lineage_of_analysis(self, analysis_id: str) -> Lineage:
        """The steps of an analysis, what went in and came out, and what the inputs were made from."""
        mine = select(edges.c.source, edges.c.target).where(edges.c.analysis_id == analysis_id)
        async with self._engine.connect() as connection:
            found = await connection.execute(mine.limit(self._edge_limit + 1))
            own = [(row.source, row.target) for row in found]
            roots = {source for source, _ in own} - {target for _, target in own}
            before = await self._walk(connection, roots, edges.c.target, edges.c.source)
            names = select(steps.c.step).where(steps.c.analysis_id == analysis_id)
            known = {step_id(analysis_id, row.step) for row in await connection.execute(names)}
            return await self._lineage(connection, [*own, *before], known)

    async def lineage_of_dataset(self, dataset_id: str, version: int) -> Lineage:
        """Everything that a dataset was made from, and everything that was made from it."""
        start = {dataset_node_id(dataset_id, version)}
        async with self._engine.connect() as connection:
            before = await self._walk(connection, start, edges.c.target, edges.c.source)
            after = await self._walk(connection, start, edges.c.source, edges.c.target)
            return await self._lineage(connection, [*before, *after], start)

    async def _ancestors(self, connection: AsyncConnection, start: Sequence[str]) -> set[str]:
        found = await self._walk(connection, set(start), edges.c.target, edges.c.source, bounded=False)
        return {source for source, _ in found}

    async def _walk(
        self,
        connection: AsyncConnection,
        start: set[str],
        here: ColumnElement[str],
        there: ColumnElement[str],
        *,
        bounded: bool = True,
    ) -> list[_Pair]:
        """The edges met when going from `start` over `here` to `there` until nothing new comes."""
        if not start:
            return []
        pair = select(edges.c.source, edges.c.target)
        reached = pair.where(here.in_(start)).cte("reached", recursive=True)
        further = pair.join(reached, here == reached.c[there.name])
        query = select(reached.union(further))
        if bounded:
            query = query.limit(self._edge_limit + 1)
        return [(row.source, row.target) for row in await connection.execute(query)]

    async def _lineage(self, connection: AsyncConnection, found: Iterable[_Pair], known: set[str]) -> Lineage:
        pairs = sorted(set(found))
        shown = pairs[: self._edge_limit]
        ids = sorted({*known, *(end for pair in shown for end in pair)})
        return Lineage(
            nodes=await self._nodes(connection, ids),
            edges=[Edge(source=source, target=target) for source, target in shown],
            truncated=len(pairs) > len(shown),
        )

    async def _nodes(self, connection: AsyncConnection, ids: Sequence[str]) -> list[Node]:
        found: list[Node] = []
        for start in range(0, len(ids), _IDS_PER_QUERY):
            some = nodes.c.id.in_(ids[start : start + _IDS_PER_QUERY])
            found += [
                Node(id=row.id, kind=row.kind, label=row.label, facts=json.loads(row.facts))
                for row in await connection.execute(select(nodes).where(some).order_by(nodes.c.id))
            ]
        return found

    async def _add_graph(
        self,
        connection: AsyncConnection,
        analysis_id: str,
        new_nodes: Iterable[Node],
        new_edges: Iterable[Edge],
    ) -> None:
        for node in new_nodes:
            row = {
                **node.model_dump(),
                "label": _storable(node.label),
                "facts": json.dumps(node.facts, ensure_ascii=False),
            }
            await connection.execute(insert_into(connection, nodes).values(**row).on_conflict_do_nothing())
        for edge in new_edges:
            row = {**edge.model_dump(), "analysis_id": analysis_id}
            await connection.execute(insert_into(connection, edges).values(**row).on_conflict_do_nothing())

    async def _add_dataset(
        self, connection: AsyncConnection, ref: DatasetRef, record: StepRecord, created_at: float
    ) -> None:
        entry = insert_into(connection, datasets).values(
            dataset_id=ref.id,
            version=ref.version,
            name=_storable(ref.name),
            ref=ref.model_dump_json(),
            analysis_id=record.analysis_id,
            step=record.step,
            created_at=created_at,
        )
        await connection.execute(entry.on_conflict_do_nothing())


def _entry(row: Row[Any]) -> CatalogueEntry:
    return CatalogueEntry(
        dataset=DatasetRef.model_validate_json(row.ref),
        analysis_id=row.analysis_id,
        step=row.step,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
    )


def _storable(label: str) -> str:
    """`label` without NUL, which PostgreSQL does not keep in text."""
    return label.replace("\x00", "")
