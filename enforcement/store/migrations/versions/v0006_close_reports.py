"""Keep how a steward closed a report, and guard it and the reports: what was written stays."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEPT = ("answer_report", "report_closing")


def upgrade() -> None:
    """Add the table and the guards, which are like those of the chain."""
    op.create_table(
        "report_closing",
        sa.Column("report_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed_as", sa.String(16), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("changed", sa.String(200), nullable=True),
        sa.Column("unit", sa.String(64), nullable=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["answer_report.id"],
            name=op.f("fk_report_closing_report_id_answer_report"),
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_closing")),
    )
    for table, verb in _guards():
        if _is_postgres():
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION ledger_is_kept()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    """Take the guards and the table away."""
    for table, verb in _guards():
        op.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if _is_postgres() else ""))
    op.drop_table("report_closing")


def _guards() -> list[tuple[str, str]]:
    return [(table, verb) for table in KEPT for verb in ("update", "delete")]


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
