"""Keep cases, their holders and their events."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep cases, their holders and their events."""
    # PostgreSQL wants the table `holding` first: the next migration adds the constraint there.
    current_holding = (
        []
        if op.get_bind().dialect.name == "postgresql"
        else [
            sa.ForeignKeyConstraint(
                ["id", "holding_n", "holder", "holding_open"],
                ["holding.case_id", "holding.n", "holding.unit", "holding.is_open"],
                name="fk_case_file_holder",
                initially="DEFERRED",
                deferrable=True,
            )
        ]
    )
    op.create_table(
        "account",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(64), nullable=True),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "act_key",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_act_key")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.String(64), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("recheck_days", sa.String(200), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("matter", sa.String(80), nullable=False),
        sa.Column("matter_zh", sa.String(200), nullable=False),
        sa.Column("matter_en", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("site_id", sa.String(64), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("street", sa.String(16), nullable=True),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("holding_n", sa.Integer(), nullable=False),
        sa.Column("holding_open", sa.Integer(), nullable=False),
        sa.Column("lead_unit", sa.String(64), nullable=True),
        sa.Column("first_lead", sa.String(64), nullable=True),
        sa.Column("officer", sa.String(64), nullable=True),
        sa.Column("resolution_n", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("clock_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_term", sa.String(16), nullable=False),
        sa.Column("due_basis", sa.Text(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(64), nullable=True),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("holding_open = 1", name=op.f("ck_case_file_holder_is_open")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_case_file_round")),
        *current_holding,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    op.create_index("ix_case_file_due", "case_file", ["running", "due_at", "id"], unique=False)
    op.create_index(
        "ix_case_file_holder_due", "case_file", ["holder", "running", "due_at", "id"], unique=False
    )
    op.create_index("ix_case_file_matter_lat", "case_file", ["matter", "lat", "lon"], unique=False)
    op.create_index("ix_case_file_site", "case_file", ["site_id", "matter"], unique=False)
    op.create_index("ix_case_file_state_due", "case_file", ["state", "due_at", "id"], unique=False)
    op.create_index(
        "ix_case_file_state_recheck", "case_file", ["state", "recheck_on", "id"], unique=False
    )

    op.create_table(
        "ledger_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(64), nullable=True),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_event")),
    )
    op.create_index("ix_ledger_event_case_id_seq", "ledger_event", ["case_id", "seq"], unique=False)

    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "tally",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("street", sa.String(16), nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "unit", "street", "measure", name=op.f("pk_tally")),
    )
    op.create_table(
        "adjudication",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("negotiate_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("next_level_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ruled_by", sa.String(64), nullable=True),
        sa.Column("unit", sa.String(64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("register_entry", sa.Text(), nullable=False),
        sa.Column("proposed_rule", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_adjudication_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_adjudication")),
    )
    op.create_index(
        "ix_adjudication_due",
        "adjudication",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "uq_adjudication_one_open",
        "adjudication",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.create_table(
        "assist",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("duty", sa.String(16), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("escalated_to", sa.String(64), nullable=True),
        sa.Column("next_level_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_assist_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_assist")),
    )
    op.create_index(
        "ix_assist_due",
        "assist",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "ix_assist_unit_due",
        "assist",
        ["unit", "due_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.create_table(
        "case_party",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_party_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "unit", name=op.f("pk_case_party")),
    )
    op.create_index("ix_case_party_unit", "case_party", ["unit", "case_id"], unique=False)

    op.create_table(
        "case_resolution",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_resolution_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_case_resolution")),
    )
    op.create_table(
        "case_step",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("second_officer", sa.String(64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_step_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_case_step")),
    )
    op.create_table(
        "document",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_document_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_document")),
    )
    op.create_index("ix_document_case_id", "document", ["case_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mime", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.String(32), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_evidence_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"], unique=False)

    op.create_table(
        "handover",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("police", sa.Boolean(), nullable=False),
        sa.Column("from_unit", sa.String(64), nullable=False),
        sa.Column("to_unit", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("escalated_to", sa.String(64), nullable=True),
        sa.Column("next_level_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(64), nullable=True),
        sa.Column("answer", sa.String(16), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("other_unit", sa.String(64), nullable=True),
        sa.Column("other_basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_handover_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_handover")),
    )
    op.create_index(
        "ix_handover_due",
        "handover",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "ix_handover_to_unit_due",
        "handover",
        ["to_unit", "due_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "uq_handover_one_open",
        "handover",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.create_table(
        "holding",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_open", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(is_open = 1 AND until_at IS NULL) OR (is_open = 0 AND until_at IS NOT NULL)",
            name=op.f("ck_holding_open_until"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_holding_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_holding")),
        sa.UniqueConstraint("case_id", "n", "unit", "is_open", name="uq_holding_current"),
    )
    op.create_index(
        "uq_holding_one_open",
        "holding",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("until_at IS NULL"),
        postgresql_where=sa.text("until_at IS NULL"),
    )

    op.create_table(
        "resident",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=True),
        sa.Column("contact", sa.String(200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("retain_until", sa.Date(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_resident_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_resident")),
    )
    op.create_index("ix_resident_retain", "resident", ["erased_at", "retain_until"], unique=False)

    op.create_table(
        "step_clock",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(16), nullable=False),
        sa.Column("says", sa.String(200), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_step_clock_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("case_id", "n", "term", name=op.f("pk_step_clock")),
    )
    op.create_index(
        "ix_step_clock_due",
        "step_clock",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("met_at IS NULL"),
        postgresql_where=sa.text("met_at IS NULL"),
    )

    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("lead_unit", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_visit_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_campaign_id", "visit", ["campaign_id"], unique=False)
    op.create_index("ix_visit_lead_unit", "visit", ["lead_unit"], unique=False)
    op.create_index("ix_visit_on", "visit", ["on"], unique=False)

    op.create_table(
        "finding",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("stop_n", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(64), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("recurrence", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_finding_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_finding_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "n", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_case_id", "finding", ["case_id"], unique=False)

    op.create_table(
        "stop",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("address", sa.String(300), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visited_by", sa.String(64), nullable=True),
        sa.Column("second_officer", sa.String(64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_stop_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "n", name=op.f("pk_stop")),
    )
    op.create_table(
        "stop_stage",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("stop_n", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(80), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_stop_stage_visit_id_visit")
        ),
        sa.PrimaryKeyConstraint("visit_id", "stop_n", "stage", name=op.f("pk_stop_stage")),
    )
    op.create_table(
        "visit_unit",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("escalated_to", sa.String(64), nullable=True),
        sa.Column("next_level_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visit.id"], name=op.f("fk_visit_unit_visit_id_visit")
        ),
        sa.PrimaryKeyConstraint("visit_id", "unit", name=op.f("pk_visit_unit")),
    )
    op.create_index(
        "ix_visit_unit_unit_due",
        "visit_unit",
        ["unit", "due_at"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_index(
        "ix_visit_unit_unit_due",
        "visit_unit",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.drop_table("visit_unit")
    op.drop_table("stop_stage")
    op.drop_table("stop")
    op.drop_index("ix_finding_case_id", "finding")

    op.drop_table("finding")
    op.drop_index("ix_visit_on", "visit")
    op.drop_index("ix_visit_lead_unit", "visit")
    op.drop_index("ix_visit_campaign_id", "visit")

    op.drop_table("visit")
    op.drop_index(
        "ix_step_clock_due",
        "step_clock",
        sqlite_where=sa.text("met_at IS NULL"),
        postgresql_where=sa.text("met_at IS NULL"),
    )

    op.drop_table("step_clock")
    op.drop_index("ix_resident_retain", "resident")

    op.drop_table("resident")
    op.drop_index(
        "uq_holding_one_open",
        "holding",
        sqlite_where=sa.text("until_at IS NULL"),
        postgresql_where=sa.text("until_at IS NULL"),
    )

    op.drop_table("holding")
    op.drop_index(
        "uq_handover_one_open",
        "handover",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_index(
        "ix_handover_to_unit_due",
        "handover",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_index(
        "ix_handover_due",
        "handover",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.drop_table("handover")
    op.drop_index("ix_evidence_sha256", "evidence")

    op.drop_table("evidence")
    op.drop_index("ix_document_case_id", "document")

    op.drop_table("document")
    op.drop_table("case_step")
    op.drop_table("case_resolution")
    op.drop_index("ix_case_party_unit", "case_party")

    op.drop_table("case_party")
    op.drop_index(
        "ix_assist_unit_due",
        "assist",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_index(
        "ix_assist_due",
        "assist",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.drop_table("assist")
    op.drop_index(
        "uq_adjudication_one_open",
        "adjudication",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.drop_index(
        "ix_adjudication_due",
        "adjudication",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.drop_table("adjudication")
    op.drop_table("tally")
    op.drop_table("ledger_head")
    op.drop_index("ix_ledger_event_case_id_seq", "ledger_event")

    op.drop_table("ledger_event")
    op.drop_index("ix_case_file_state_recheck", "case_file")
    op.drop_index("ix_case_file_state_due", "case_file")
    op.drop_index("ix_case_file_site", "case_file")
    op.drop_index("ix_case_file_matter_lat", "case_file")
    op.drop_index("ix_case_file_holder_due", "case_file")
    op.drop_index("ix_case_file_due", "case_file")

    op.drop_table("case_file")
    op.drop_table("campaign")
    op.drop_table("act_key")
    op.drop_table("account")
