"""Every table there is. A module with rows is listed here, so that migrations see it."""

from typing import Final

from sqlalchemy import MetaData

from enforcement.store import (
    case_parts,
    cases,
    chain,
    evidence,
    figures,
    joint,
    people,
    reports,
    sites,
)
from enforcement.store.base import Row

MODULES: Final = (case_parts, cases, chain, evidence, figures, joint, people, reports, sites)

METADATA: Final[MetaData] = Row.metadata
