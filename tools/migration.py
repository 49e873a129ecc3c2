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

from enforcement.store.migrate import SCRIPTS, open_store


def main() -> int:
    """Write the draft and print where it is; 2 when the message is missing."""
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        print(__doc__, file=sys.stderr)
        return 2
    message = sys.argv[1].strip().rstrip(".") + "."
    number = len(list(ScriptDirectory(str(SCRIPTS)).walk_revisions())) + 1
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")[:40].rstrip("_")
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    # A module's name may not begin with a digit.
    config.set_main_option("file_template", f"v%%(rev)s_{slug}")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'draft.db'}")
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
