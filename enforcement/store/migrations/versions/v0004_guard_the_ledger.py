"""Guard the ledger: what was written stays, a clock is never restarted, a case has its holder.

Whoever makes one of these tables anew (a batch on SQLite drops and copies it) must make its
triggers anew as well; a test looks for them.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT = ("ledger_event", "case_resolution")
CLOCK = "NEW.round = OLD.round AND NEW.clock_started_at <> OLD.clock_started_at"
ROUND = "NEW.round <> OLD.round AND NEW.round <> OLD.round + 1"


def upgrade() -> None:
    """Add the guards."""
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Take the guards away."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        for verb in ("update", "delete"):
            on = f" ON {table}" if postgres else ""
            op.execute(f"DROP TRIGGER {table}_no_{verb}{on}")
    op.execute("DROP TRIGGER case_file_clock" + (" ON case_file" if postgres else ""))
    if postgres:
        op.execute("DROP FUNCTION ledger_is_kept()")
        op.execute("DROP FUNCTION clock_is_kept()")
        op.drop_constraint("fk_case_file_holder", "case_file", type_="foreignkey")


def _guard_sqlite() -> None:
    for table in KEPT:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER case_file_clock BEFORE UPDATE ON case_file "
        f"WHEN ({CLOCK}) OR ({ROUND}) "
        "BEGIN SELECT RAISE(ABORT, 'the clock of a case never restarts'); END"
    )


def _guard_postgres() -> None:
    op.create_foreign_key(
        "fk_case_file_holder",
        "case_file",
        "holding",
        ["id", "holding_n", "holder", "holding_open"],
        ["case_id", "n", "unit", "is_open"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.execute(
        "CREATE FUNCTION ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in KEPT:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION ledger_is_kept()"
            )
    op.execute(
        "CREATE FUNCTION clock_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF ({CLOCK}) OR ({ROUND}) THEN "
        "RAISE EXCEPTION 'the clock of a case never restarts'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_file_clock BEFORE UPDATE ON case_file "
        "FOR EACH ROW EXECUTE FUNCTION clock_is_kept()"
    )
