"""Every table there is. A module with rows is listed here, so that migrations see it."""

from typing import Final

from sqlalchemy import MetaData

from enforcement.store import sites
from enforcement.store.base import Row

MODULES: Final = (sites,)

METADATA: Final[MetaData] = Row.metadata
