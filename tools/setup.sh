#!/bin/sh
# Starts tools/setup.py with the first interpreter that the project can use.
# PYTHON=/path/to/python is tried before the others.
set -eu
cd "$(dirname "$0")/.."
for candidate in ${PYTHON:-} python3 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null
    then
        exec "$candidate" -m tools.setup
    fi
done
found=$(python3 --version 2>/dev/null || echo "no python3")
cat >&2 <<MESSAGE
Seamless needs Python 3.11 or 3.12; found: $found.
On Debian 12: apt-get install python3 python3-dev python3-venv
Elsewhere: make setup PYTHON=/path/to/python3.12
(3.13 and later cannot build durable-rules: docs/decisions/0004-engine-fence.md)
MESSAGE
exit 1
