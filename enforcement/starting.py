"""A district's folder to begin with: it opens and answers as it is, and says what to change.

Everything in it is a file that people edit. Streets come from a layer when there is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from enforcement.district import LAYERS
from enforcement.errors import NotStarted
from geo.editions import Edition, Kind
from geo.locate import Area
from geo.stored import save_edition
from rules.errors import Fault

_DISTRICT = """\
# A district is this folder: SEAMLESS_DISTRICT names it, and nothing in it is code.
# Dates: valid_from is the first day in force, ceases_on the first day no more.
code: {code}
name: {{zh: {title}, en: {title}}}
# What people call the areas that it is divided into.
streets_are: {{zh: 街道, en: street}}
# The projected coordinate system for metres here; buffers are built in it.
crs_metric: {crs}
# The radius in metres within which a position is trusted when nobody says otherwise.
accuracy_m: 10
# Who holds a case while nobody leads, and the role that does so at the place itself.
intake_unit: intake
first_contact: area_team
# Folders under packs/, or names of packs that come with the program.
packs: [{pack}]
# Next door, by the codes of a layer of districts: {{code: …, name: {{zh: …, en: …}}, unit: …}}.
neighbours: []
# Coordinates that a system fills in when it has no location: {{lon: …, lat: …}}.
no_location: []
# One entry for each area of the street layer; a code may return with later dates.
streets:{streets}
"""
_UNITS = """\
# Who acts here (units), and who holds which role where (mandates).
# kind: org leads and holds; owner only maintains; coordination never leads.
units:
  - id: intake
    names: [{{zh: {title}, en: {title}}}]
    kind: org
    valid_from: {from_}
  # One for each area: {{code}} is its code, {{zh}} and {{en}} are its name.
  - id: "team.{{code}}"
    per: street
    names: [{{zh: "{{zh}}", en: "{{en}}"}}]
    kind: org
    valid_from: {from_}
    superior: intake
mandates:
  - {{role: area_team, scope: street, unit: "team.{{code}}", per: street, valid_from: {from_}}}
  - {{role: central_office, scope: district, unit: intake, valid_from: {from_}}}
"""
_ROLES = """\
# What rules name. power: enforce may lead anything, maintain only upkeep, coordinate nothing.
roles:
  area_team: {name: {zh: 属地队伍, en: Team of the area}, power: enforce}
  central_office: {name: {zh: 综合办公室, en: Central office}, power: enforce}
"""
_LAWS = """\
# What answers cite. Every rule needs one that is in force on each of its days.
# kind: law, regulation, local, notice, practice, standard or project.
laws:
  local_practice:
    name: {{zh: 本地做法（待核实）, en: Local practice (to be verified)}}
    valid_from: {from_}
    kind: practice
    source: [own]
"""
_SOURCES = """\
# Where facts were found. kind: A an article, B public, C own knowledge.
sources:
  own: {what: own knowledge, kind: C}
"""
_DEADLINES = """\
# Limits of procedure, by id; matters name them.
deadlines: {}
"""
_PACK = """\
# One subject: its facts (closed questions) and its matters (kinds of things to deal with).
pack: {pack}
name: {{zh: {pack}, en: {pack}}}
periods: [{{valid_from: {from_}}}]
facts:
  size:
    question: {{zh: 事情大小？, en: "How large is it?"}}
    values:
      small: {{zh: 小, en: small}}
      large: {{zh: 大, en: large}}
matters:
  {pack}:
    name: {{zh: 示例事项, en: A first matter}}
    words: [example]
    kind: enforcement
    facts: [size]
"""
_RULES = """\
# When these facts hold, this role leads.
- id: {pack}.1
  matter: {pack}
  valid_from: {from_}
  when: {{size: small}}
  lead: area_team
  says: {{zh: 小事由属地队伍办理, en: Small things are for the team of the area}}
  basis: [{{law: local_practice}}]
  confidence: project
  source: [own]
- id: {pack}.2
  matter: {pack}
  valid_from: {from_}
  when: {{size: large}}
  lead: central_office
  says: {{zh: 大事由综合办公室办理, en: Large things are for the central office}}
  basis: [{{law: local_practice}}]
  confidence: project
  source: [own]
"""
_CASES = """\
# Each case is a test: facts in, the lead that must come out.
- {{id: {pack}.c1, name: a small thing, on: {from_}, matter: {pack}, facts: {{size: small}},
   expect: {{lead: area_team, rules: [{pack}.1]}}}}
- {{id: {pack}.c2, name: a large thing, on: {from_}, matter: {pack}, facts: {{size: large}},
   expect: {{lead: central_office, rules: [{pack}.2]}}}}
"""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_PACK_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
_ANYWHERE = "EPSG:3857"


def starter_files(
    name: str, *, pack: str, valid_from: date, streets: Sequence[Area] = (), crs: str = _ANYWHERE
) -> Mapping[str, str]:
    """The text files of a new district, by their path in its folder."""
    given = {
        "code": json.dumps(name),
        "title": json.dumps(name.replace("_", " ").title()),
        "pack": pack,
        "from_": valid_from.isoformat(),
        "crs": crs,
        "streets": _streets(streets, valid_from),
    }
    return {
        "district.yaml": _DISTRICT.format(**given),
        "units.yaml": _UNITS.format(**given),
        "common/roles.yaml": _ROLES,
        "common/laws.yaml": _LAWS.format(**given),
        "common/sources.yaml": _SOURCES,
        "common/deadlines.yaml": _DEADLINES,
        f"packs/{pack}/pack.yaml": _PACK.format(**given),
        f"packs/{pack}/rules.yaml": _RULES.format(**given),
        f"packs/{pack}/cases.yaml": _CASES.format(**given),
    }


def start_district(
    folder: Path, *, pack: str, valid_from: date, streets: Edition | None = None
) -> tuple[str, ...]:
    """The paths, below `folder`, that were written for a new district named like its folder.

    `streets` is the checked layer of its areas; it is stored in the folder. Raises `NotStarted`
    for a folder that is not empty and for names that are none; then nothing is written.
    """
    faults = _faults(folder, pack)
    if faults:
        raise NotStarted(faults)
    areas: tuple[Area, ...] = ()
    crs = _ANYWHERE
    if streets is not None:
        codes, names = streets.frame["code"], streets.frame["name"]
        areas = tuple(Area(code, named) for code, named in zip(codes, names, strict=True))
        crs = str(streets.frame.estimate_utm_crs().to_string())
    files = starter_files(folder.name, pack=pack, valid_from=valid_from, streets=areas, crs=crs)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    if streets is None:
        return tuple(files)
    save_edition(folder / LAYERS, streets)
    return (*files, f"{LAYERS}/{Kind.STREET}/{streets.name}/")


def pack_name_faults(pack: str) -> list[Fault]:
    """What is wrong with the name of a pack: it begins the ids of its rules and roles."""
    if _PACK_NAME.fullmatch(pack):
        return []
    return [
        Fault(
            "pack",
            f"“{pack}”无效：以小写字母开头，其后小写字母、数字、_，最多 20 字",
            f"{pack!r} is no name of a pack: a small letter, then small letters, digits and _, "
            "up to 20",
        )
    ]


def _faults(folder: Path, pack: str) -> list[Fault]:
    faults = []
    if not _NAME.fullmatch(folder.name):
        faults.append(
            Fault(
                "name",
                f"“{folder.name}”无效：用字母、数字、. _ -，最多 60 字",
                f"{folder.name!r} is no name: letters, digits, . _ and -, up to 60",
            )
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        faults.append(
            Fault(
                "name",
                f"{folder.name} 已存在且不为空；请另取名",
                f"{folder.name} is there and not empty; choose another name",
            )
        )
    return [*faults, *pack_name_faults(pack)]


def _streets(streets: Sequence[Area], valid_from: date) -> str:
    """The entries of the areas; JSON's way of quoting is one of YAML's."""
    if not streets:
        return " []"
    return "".join(
        "\n  - {code: "
        + json.dumps(one.code, ensure_ascii=False)
        + ", name: {zh: "
        + json.dumps(one.name, ensure_ascii=False)
        + ", en: "
        + json.dumps(one.name, ensure_ascii=False)
        + f"}}, valid_from: {valid_from}}}"
        for one in streets
    )
