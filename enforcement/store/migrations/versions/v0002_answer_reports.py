"""Keep what officers say is wrong with an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what officers say is wrong with an answer."""
    op.create_table(
        "answer_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("asker", sa.String(200), nullable=True),
        sa.Column("matter", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(200), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_report")),
        sa.UniqueConstraint("once", name=op.f("uq_answer_report_once")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("answer_report")
