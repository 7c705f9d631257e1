"""Analyses, their event log, the calls of their steps, and agents that were added at run time."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analyses",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False, index=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("answer", sa.JSON),
    )
    op.create_table(
        "events",
        sa.Column("analysis_id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_table(
        "step_calls",
        sa.Column("analysis_id", sa.String(64), primary_key=True),
        sa.Column("step", sa.String(128), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("skill", sa.String(200), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("task_id", sa.String(64), nullable=False),
    )
    op.create_table(
        "agents",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("url", sa.String(500), primary_key=True),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("card", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    for table in ("agents", "step_calls", "events", "analyses"):
        op.drop_table(table)
