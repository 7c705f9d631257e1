"""An order has a list of sources where it had one source or none."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_analyses = sa.table("analyses", sa.column("id", sa.String), sa.column("request", sa.JSON))


def upgrade() -> None:
    for row_id, request in _requests():
        if "source" in request:
            source = request.pop("source")
            _store(row_id, {**request, "sources": [] if source is None else [source]})


def downgrade() -> None:
    for row_id, request in _requests():
        sources = request.pop("sources", [])
        _store(row_id, {**request, "source": sources[0] if sources else None})


def _requests() -> list[tuple[str, dict[str, Any]]]:
    rows = op.get_bind().execute(sa.select(_analyses.c.id, _analyses.c.request)).all()
    return [(row.id, dict(row.request)) for row in rows]


def _store(row_id: str, request: dict[str, Any]) -> None:
    op.get_bind().execute(sa.update(_analyses).where(_analyses.c.id == row_id).values(request=request))
