"""Names and versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001_initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "storage_names",
        sa.Column("name", sa.String(512), primary_key=True),
        sa.Column("latest_version", sa.Integer, nullable=False),
    )
    op.create_table(
        "storage_versions",
        sa.Column("name", sa.String(512), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.String(255), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
    )
    op.create_index("ix_storage_versions_sha256", "storage_versions", ["sha256"])


def downgrade() -> None:
    op.drop_table("storage_versions")
    op.drop_table("storage_names")
