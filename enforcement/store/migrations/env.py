"""How Alembic runs the migrations: on the connection, and in the transaction, that it is given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString

from enforcement.store.base import UtcDateTime
from enforcement.store.tables import METADATA


def _drafted(kind: str, item: Any, _draft: AutogenContext) -> str | Literal[False]:  # noqa: ANN401
    """Plain column types in drafts: a migration must run when the classes here have changed."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite can change little in a table: it is made anew, and the rows are copied.
    render_as_batch=True,
    render_item=_drafted,
    compare_server_default=True,
)
context.run_migrations()
