"""Tasks, push notification configurations and received calls."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("context_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(255)),
        sa.Column("last_updated", sa.DateTime),
        sa.Column("status", sa.JSON, nullable=False),
        sa.Column("artifacts", sa.JSON),
        sa.Column("history", sa.JSON),
        sa.Column("protocol_version", sa.String(16)),
        sa.Column("metadata", sa.JSON),
    )
    op.create_index("idx_tasks_owner_last_updated", "tasks", ["owner", "last_updated"])
    op.create_table(
        "push_notification_configs",
        sa.Column("task_id", sa.String(36), primary_key=True),
        sa.Column("config_id", sa.String(255), primary_key=True),
        sa.Column("config_data", sa.LargeBinary, nullable=False),
        sa.Column("owner", sa.String(255), index=True),
        sa.Column("protocol_version", sa.String(16)),
    )
    op.create_table(
        "received_calls",
        sa.Column("owner", sa.String(255), primary_key=True),
        sa.Column("idempotency_key", sa.String(255), primary_key=True),
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False, index=True),
    )


def downgrade() -> None:
    for table in ("received_calls", "push_notification_configs", "tasks"):
        op.drop_table(table)
