"""“Seven or eight departments cannot manage one pig”: every link has one lead, then and today."""

from __future__ import annotations

from datetime import date

import pytest

from rules.book import Book, open_book
from rules.loader import CATALOGUE
from rules.seams import leads

SEED, TODAY = date(2008, 11, 5), date(2026, 11, 20)

# link: matter, facts: lead in 2008, lead today
CHAIN = """\
rearing on farmland: livestock.rearing, zone.water=none zone.livestock_ban=none land=farmland: \
    agriculture_regulator, agriculture_regulator
rearing in a water zone: livestock.rearing, zone.water=level1: \
    environment_authority, environment_authority
rearing on other land: livestock.rearing, zone.water=none zone.livestock_ban=none land=non_farm: \
    street_team, street_team
quarantine at the origin: animal.quarantine, activity=origin: \
    animal_health_supervisor, animal_health_supervisor
transport: animal.quarantine, activity=transport: animal_health_supervisor, agriculture_regulator
live pig market: food.safety, stage=circulation licence=licensed premises=market: \
    circulation_regulator, circulation_regulator
licensed slaughter: food.safety, stage=slaughter licence=licensed: \
    slaughter_regulator, slaughter_regulator
unlicensed slaughter: food.safety, stage=slaughter licence=unlicensed: street_team, street_team
wholesale and retail: food.safety, stage=circulation licence=licensed premises=fixed: \
    circulation_regulator, circulation_regulator
sausages and meat balls: food.safety, stage=processing licence=licensed premises=fixed: \
    processing_regulator, processing_regulator
restaurant or canteen: food.safety, stage=catering licence=licensed premises=fixed: \
    catering_regulator, catering_regulator
mobile stall: food.safety, stage=catering licence=unlicensed premises=mobile: \
    street_team, street_team
swill: food.kitchen_waste, : urban_management, urban_management
dead pig on a farm: animal.dead, where_found=farm: animal_health_supervisor, agriculture_regulator
dead pig in a park: animal.dead, where_found=public_place: street_office, street_office
dead pig in a river: animal.dead, where_found=waters: district_government, district_government
"""
LINKS = [line.split(":") for line in CHAIN.strip().splitlines()]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return open_book([CATALOGUE / "food"], tmp_path_factory.mktemp("tables"))


@pytest.mark.parametrize("link", LINKS, ids=[link[0] for link in LINKS])
def test_each_link_has_one_lead(book: Book, link: list[str]) -> None:
    _, asked, answered = link
    matter, said = asked.strip().split(", ") if ", " in asked.strip() else (asked.strip(" ,"), "")
    facts = dict(pair.split("=") for pair in said.split())
    for day, role in zip((SEED, TODAY), answered.strip().split(", "), strict=True):
        table = book.table(matter, day)
        _, cells = table.part(facts)
        verdicts = [table.verdicts[int(number)] for number in set(cells.flat)]
        named = {leads(one, book.catalogue) for one in verdicts if one.impossible is None}
        assert named == {(role,)}, day
