"""`seamless seams`: the proof over rules, mandates and map, and the register beside it."""

from __future__ import annotations

import click

from enforcement.district import SCHEMATIC, open_district
from enforcement.found import Found, Part
from enforcement.register import Entry, load_register, overdue, proposed_rule
from enforcement.seams import Proof, prove
from rules.model import Text
from web.cli.options import json_option
from web.cli.speaking import Speaker, pass_speaker, print_json

PARTS = {
    Part.RULES: Text("规则", "Rules"),
    Part.MANDATES: Text("授权", "Mandates"),
    Part.MAP: Text("地图", "Map"),
}


@click.command()
@json_option
@pass_speaker
def seams(speaker: Speaker, as_json: bool) -> int:  # noqa: FBT001 - click passes a flag
    """证明没有未登记的缝隙 / Prove that no seam is unregistered.

    退出码 / Exit status: 0 全部已登记 every seam is registered, 1 有未登记的缝隙 one is not.
    """
    settings = speaker.settings
    district = open_district(settings.district, data=settings.data)
    entries = load_register(
        settings.district or SCHEMATIC, district.book.catalogue, district.registry.units
    )
    proof = prove(district, entries)
    late = overdue(entries, settings.today())
    if as_json:
        print_json(_as_dict(proof, entries, late))
    else:
        click.echo("\n".join(_lines(speaker, proof, entries, late)))
    return 1 if proof.open else 0


def _lines(
    speaker: Speaker, proof: Proof, entries: tuple[Entry, ...], late: tuple[Entry, ...]
) -> list[str]:
    lines = [
        speaker.pick(
            f"{one.matter}：{one.combinations} 种组合，{one.intervals} 个时段，"
            f"向引擎查询 {one.asked} 次，不可能 {one.excluded:.0%}，缝隙 {one.seam_share:.1%}",
            f"{one.matter}: {one.combinations} combinations, {one.intervals} intervals, "
            f"{one.asked} asked of the engine, {one.excluded:.0%} impossible, "
            f"{one.seam_share:.1%} seams",
        )
        for one in proof.matters
    ]
    lines += ["", *_figures(speaker, proof)]
    for part, name in PARTS.items():
        found = proof.of(part)
        opened = [one for one in found if one.blocking and one.entry is None]
        lines += ["", speaker.say(name) + _count(speaker, len(opened), len(found))]
        lines += [line for one in found for line in _told(speaker, one)]
    for entry in proof.filled:
        told = speaker.pick(
            f"辖区授权暂定 {entry.id}（{entry.owner} 应于 {entry.deadline} 前确定）："
            f"{entry.what.zh}",
            f"settled for now by a mandate {entry.id} ({entry.owner} to decide by "
            f"{entry.deadline}): {entry.what.en}",
        )
        lines += ["", told]
    if proof.stale:
        listed = ", ".join(proof.stale)
        lines += [
            "",
            speaker.pick(
                f"登记簿中已无对应缝隙的条目：{listed}", f"entries that cover no seam: {listed}"
            ),
        ]
    for entry in late:
        lines.append(
            speaker.pick(
                f"已逾期 {entry.id}（{entry.owner}，{entry.deadline}）：{entry.what.zh}",
                f"overdue {entry.id} ({entry.owner}, {entry.deadline}): {entry.what.en}",
            )
        )
    for entry in entries:
        proposal = proposed_rule(entry)
        if proposal is not None:
            head = speaker.pick(
                f"裁决 {entry.id} 建议的规则：", f"rule proposed by the ruling on {entry.id}:"
            )
            lines += ["", head, proposal.rstrip()]
    return lines


def _figures(speaker: Speaker, proof: Proof) -> list[str]:
    asked = sum(one.asked for one in proof.matters)
    intervals = sum(one.intervals for one in proof.matters)
    kilometres = ", ".join(f"{name} {km:.1f}" for name, km in proof.map.unregistered_km) or "0"
    return [
        speaker.pick(
            f"{len(proof.matters)} 个事项，{intervals} 个时段，{asked} 种组合，"
            f"{proof.rules} 条规则，{proof.cases} 个案例",
            f"{len(proof.matters)} matters, {intervals} intervals, {asked} combinations, "
            f"{proof.rules} rules, {proof.cases} cases",
        ),
        speaker.pick(
            f"{proof.units} 个单位，{proof.mandates} 项授权，{proof.map.streets} 个街道，"
            f"{proof.map.editions} 个图层版次",
            f"{proof.units} units, {proof.mandates} mandates, {proof.map.streets} streets, "
            f"{proof.map.editions} editions of layers",
        ),
        speaker.pick(
            f"道路 {proof.map.road_km:.1f} 千米，未登记（千米）：{kilometres}",
            f"{proof.map.road_km:.1f} km of road, not registered (km): {kilometres}",
        ),
        speaker.pick(
            f"未登记的缝隙 {len(proof.open)}，已登记 {len(proof.registered)}"
            f"（登记簿 {proof.entries} 条），用时 {proof.seconds:.1f} 秒",
            f"{len(proof.open)} open seams, {len(proof.registered)} registered "
            f"({proof.entries} entries), {proof.seconds:.1f} s",
        ),
    ]


def _count(speaker: Speaker, opened: int, found: int) -> str:
    if not found:
        return speaker.pick("：没有发现", ": nothing found")
    return speaker.pick(
        f"：{opened} 处未登记的缝隙，共 {found} 条", f": {opened} open, {found} in all"
    )


def _told(speaker: Speaker, one: Found) -> list[str]:
    mark = one.entry or (speaker.pick("缝隙", "OPEN") if one.blocking else "-")
    streets = f" {', '.join(one.elements)}" if one.elements else ""
    days = speaker.pick(f"{one.days} 天", f"{one.days} days")
    return [
        f"  [{mark}] {one.kind}{streets} · {days}",
        f"    {speaker.say(one.says)}",
        f"    → {speaker.say(one.closes)}",
    ]


def _as_dict(
    proof: Proof, entries: tuple[Entry, ...], late: tuple[Entry, ...]
) -> dict[str, object]:
    return {
        "open": len(proof.open),
        "registered": len(proof.registered),
        "matters": [
            {
                "matter": one.matter,
                "intervals": one.intervals,
                "combinations": one.combinations,
                "asked": one.asked,
                "excluded_share": round(one.excluded, 4),
                "seam_share": round(one.seam_share, 4),
            }
            for one in proof.matters
        ],
        "rules": proof.rules,
        "cases": proof.cases,
        "units": proof.units,
        "mandates": proof.mandates,
        "streets": proof.map.streets,
        "editions": proof.map.editions,
        "road_km": round(proof.map.road_km, 3),
        "unregistered_km": {name: round(km, 3) for name, km in proof.map.unregistered_km},
        "seconds": round(proof.seconds, 3),
        "seams": [one.as_dict() for one in proof.found],
        "register": [
            {
                "id": one.id,
                "what": one.what.as_dict(),
                "matter": one.matter,
                "kind": one.kind,
                "facts": {name: list(values) for name, values in one.facts.items()},
                "valid_from": one.period.valid_from.isoformat(),
                "ceases_on": one.period.ceases_on and one.period.ceases_on.isoformat(),
                "claimants": list(one.claimants),
                "owner": one.owner,
                "deadline": one.deadline.isoformat(),
                "overdue": one in late,
                "filled": one in proof.filled,
                "stale": one.id in proof.stale,
                "interim": one.interim.as_dict(),
                "cites": list(one.cites),
                "proposed_rule": proposed_rule(one),
            }
            for one in entries
        ],
    }
