"""Alerts, silences and transitions."""

import sqlalchemy as sa
from alembic import op

revision = "0001_initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts_alerts",
        sa.Column("fingerprint", sa.String(16), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("annotations", sa.Text, nullable=False),
        sa.Column("starts_at", sa.Double, nullable=False),
        sa.Column("ends_at", sa.Double, nullable=False),
        sa.Column("updated_at", sa.Double, nullable=False),
        sa.Column("is_timeout", sa.Boolean, nullable=False),
        sa.Column("generator_url", sa.Text, nullable=False),
    )
    op.create_index("ix_alerts_alerts_state", "alerts_alerts", ["state"])
    op.create_table(
        "alerts_silences",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("matchers", sa.Text, nullable=False),
        sa.Column("starts_at", sa.Double, nullable=False),
        sa.Column("ends_at", sa.Double, nullable=False),
        sa.Column("updated_at", sa.Double, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_index("ix_alerts_silences_ends_at", "alerts_silences", ["ends_at"])
    op.create_table(
        "alerts_transitions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
        ),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("state_before", sa.String(20)),
        sa.Column("state_after", sa.String(20), nullable=False),
    )
    op.create_index("ix_alerts_transitions_at", "alerts_transitions", ["at"])


def downgrade() -> None:
    for table in ("alerts_transitions", "alerts_silences", "alerts_alerts"):
        op.drop_table(table)
