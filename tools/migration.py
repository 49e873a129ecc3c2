"""Drafts the next migration: `python -m tools.migration "Add cases and their events"`.

The draft is the difference between the tables in code and the newest migration. Read it, cut it
down to what is meant, and run the store's tests on both databases.
"""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from enforcement.store.engine import open_engine
from enforcement.store.migrate import SCRIPTS


def draft(message: str, scripts: Path = SCRIPTS) -> None:
    """Write the next migration in the folder `scripts` with this sentence as its docstring."""
    number = len(list(ScriptDirectory(str(scripts)).walk_revisions())) + 1
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")[:40].rstrip("_")
    config = Config()
    config.set_main_option("script_location", str(scripts))
    # A module's name may not begin with a digit.
    config.set_main_option("file_template", f"v%%(rev)s_{slug}")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'draft.db'}")
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()


def main() -> int:
    """Draft with the message of the command line; 2 when it is missing."""
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        print(__doc__, file=sys.stderr)
        return 2
    draft(sys.argv[1].strip().rstrip(".") + ".")
    return 0


if __name__ == "__main__":
    sys.exit(main())
