"""Catalogue, lineage and cache."""

import sqlalchemy as sa
from alembic import op

revision = "0001_initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hub_datasets",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("analysis_id", sa.String(200), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
    )
    op.create_index("ix_hub_datasets_created_at", "hub_datasets", ["created_at", "dataset_id", "version"])
    op.create_table(
        "hub_steps",
        sa.Column("analysis_id", sa.String(200), primary_key=True),
        sa.Column("step", sa.String(200), primary_key=True),
        sa.Column("skill", sa.String(200), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("cached", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
    )
    op.create_table(
        "hub_nodes",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_table(
        "hub_edges",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, primary_key=True),
        sa.Column("analysis_id", sa.String(200), nullable=False),
    )
    op.create_index("ix_hub_edges_target", "hub_edges", ["target"])
    op.create_index("ix_hub_edges_analysis_id", "hub_edges", ["analysis_id"])
    op.create_table(
        "hub_cache",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.Column("used_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    op.create_index("ix_hub_cache_used_at", "hub_cache", ["used_at", "key"])
    op.create_index("ix_hub_cache_expires_at", "hub_cache", ["expires_at"])


def downgrade() -> None:
    for table in ("hub_cache", "hub_edges", "hub_nodes", "hub_steps", "hub_datasets"):
        op.drop_table(table)
