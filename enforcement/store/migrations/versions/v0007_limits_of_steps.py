"""Report the limits of steps that are over, level by level, and end them with their case.

Limits that were still open although their case had ended, or had been reopened since, end here:
nobody is late in a case that was closed. `step_clock` has no triggers and is not made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEX = "ix_step_clock_due"
UNMET = sa.text("met_at IS NULL")
RUNNING = sa.text("met_at IS NULL AND lapsed_at IS NULL")
END_WITH_THEIR_CASE = """
UPDATE step_clock SET lapsed_at = (
    SELECT CASE WHEN c.running = 1 THEN c.clock_started_at ELSE coalesce(c.closed_at, e.at) END
    FROM case_file c JOIN ledger_event e ON e.seq = c.last_seq WHERE c.id = step_clock.case_id
) WHERE met_at IS NULL AND EXISTS (
    SELECT 1 FROM case_file c JOIN case_step s ON s.case_id = c.id AND s.n = step_clock.n
    WHERE c.id = step_clock.case_id AND (c.running = 0 OR s.at < c.clock_started_at)
)
"""


def upgrade() -> None:
    """Add what a limit needs to be reported, and end those of cases that have ended."""
    op.drop_index(INDEX, "step_clock")
    op.add_column(
        "step_clock", sa.Column("level", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "step_clock", sa.Column("next_level_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("step_clock", sa.Column("escalated_to", sa.String(64), nullable=True))
    op.add_column("step_clock", sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(END_WITH_THEIR_CASE)
    _add_index(RUNNING)


def downgrade() -> None:
    """Take them away again: what had ended with its case is open as it was."""
    op.drop_index(INDEX, "step_clock")
    for name in ("lapsed_at", "escalated_to", "next_level_at", "level"):
        op.drop_column("step_clock", name)
    _add_index(UNMET)


def _add_index(where: sa.TextClause) -> None:
    op.create_index(INDEX, "step_clock", ["due_at"], sqlite_where=where, postgresql_where=where)
