"""Sessions and turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001_initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_sessions",
        sa.Column("session_id", sa.String(200), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("updated_at", sa.Double, nullable=False),
    )
    op.create_index("ix_session_sessions_updated_at", "session_sessions", ["updated_at", "session_id"])
    op.create_table(
        "session_turns",
        sa.Column("session_id", sa.String(200), primary_key=True),
        sa.Column("turn_id", sa.String(200), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("analysis_id", sa.String(200)),
        sa.Column("source", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
    )
    op.create_index("ix_session_turns_seq", "session_turns", ["session_id", "seq"], unique=True)


def downgrade() -> None:
    op.drop_table("session_turns")
    op.drop_table("session_sessions")
