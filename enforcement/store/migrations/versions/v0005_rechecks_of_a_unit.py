"""Find the re-checks of one unit without reading those of all others."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = "ix_case_file_holder_recheck"


def upgrade() -> None:
    """Add the index; nothing is made anew, so the guards of the ledger stay."""
    op.create_index(NAME, "case_file", ["holder", "state", "recheck_on", "id"])


def downgrade() -> None:
    """Take the index away."""
    op.drop_index(NAME, "case_file")
