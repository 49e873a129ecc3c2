"""The attributes of a layer's features: found in the file's columns, read, checked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd

from geo import columns as cells
from geo.editions import COLUMNS, Kind
from geo.errors import Fault


@dataclass
class Attributes:
    """The attributes of a file's features, read column by column; collects the faults."""

    source: str
    kind: Kind
    frame: gpd.GeoDataFrame
    columns: Mapping[str, str]

    def __post_init__(self) -> None:
        self.faults: list[Fault] = []
        self.turned: list[int] = []
        self._codes: list[str] = [""] * len(self.frame)

    def label(self, row: int) -> str:
        """How a feature is named in a fault: its number in the file, and its code."""
        code = self._codes[row]
        return f"{self.source}:{row + 1}{f' ({code})' if code else ''}"

    def read(self) -> dict[str, list[object]]:
        """The columns of the kind, each a list with a value for every feature."""
        self._check_names()
        self._codes = [cells.text(value) for value in self._given("code") or self._codes]
        if self.kind is Kind.ROAD and not any(self._codes):
            self._codes = [str(row + 1) for row in range(len(self.frame))]
        self._check_codes()
        read: dict[str, list[object]] = {"code": list(self._codes)}
        for column in COLUMNS[self.kind]:
            if column != "code":
                read[column] = self._read(column)
        if self.kind is Kind.ROAD:
            self._infer(read)
        return read

    def _check_names(self) -> None:
        allowed = COLUMNS[self.kind]
        there = [str(column) for column in self.frame.columns if column != "geometry"]
        for ours, theirs in self.columns.items():
            if ours not in allowed:
                self._add(
                    f"{self.source}:{ours}",
                    f"{self.kind} 图层没有“{ours}”列；有：{'、'.join(allowed)}",
                    f'a {self.kind} layer has no column "{ours}"; it has: {", ".join(allowed)}',
                )
            elif not theirs.startswith("=") and theirs not in there:
                self._add(
                    f"{self.source}:{ours}",
                    f"文件中没有“{theirs}”列；有：{'、'.join(there)}",
                    f'the file has no column "{theirs}"; it has: {", ".join(there)}',
                )
        for column in cells.REQUIRED[self.kind]:
            if column not in self.columns and self._given(column) is None:
                self._add(
                    f"{self.source}:{column}",
                    f"缺少“{column}”列；请用 --column {column}=… 指明；"
                    f"文件中有：{chr(12289).join(there)}",
                    f'no column "{column}"; say which one with --column {column}=…, '
                    f"the file has: {', '.join(there)}",
                )

    def _given(self, column: str) -> list[object] | None:
        """The cells of a column as they are in the file; None without such a column."""
        theirs = self.columns.get(column)
        if theirs is not None and theirs.startswith("="):
            return [theirs[1:]] * len(self.frame)
        names = [theirs] if theirs is not None else [column]
        if theirs is None and self.kind is Kind.ROAD:
            names.extend(cells.ALSO_CALLED.get(column, ()))
        for name in names:
            if name in self.frame.columns:
                return list(self.frame[name])
        return None

    def _read(self, column: str) -> list[object]:
        given = self._given(column)
        if given is None:
            return [None] * len(self.frame)
        reader: Callable[[object], object] = cells.READERS.get(column, cells.text)
        read: list[object] = []
        for row, value in enumerate(given):
            try:
                read.append(reader(value))
            except cells.NotAllowed as error:
                read.append(None)
                self._add(
                    f"{self.label(row)}:{column}",
                    f"“{value}”无效：{error.zh}",
                    f'"{value}" is refused: {error.en}',
                )
            if column in cells.REQUIRED[self.kind] and not read[-1]:
                self._add(f"{self.label(row)}:{column}", "为空", "is empty")
        return read

    def _check_codes(self) -> None:
        rows: dict[str, list[int]] = {}
        for row, code in enumerate(self._codes):
            rows.setdefault(code, []).append(row)
        known = self._given("code") is not None or self.kind is Kind.ROAD
        for code, same in sorted(rows.items()):
            numbers = "、".join(str(row + 1) for row in same)
            if not code and known:
                for row in same:
                    self._add(f"{self.label(row)}:code", "为空", "is empty")
            elif code and len(same) > 1:
                self._add(
                    f"{self.label(same[0])}:code",
                    f"代码 {code} 重复，见要素 {numbers}",
                    f"the code {code} is used {len(same)} times, by features "
                    f"{numbers.replace('、', ', ')}",
                )

    def _infer(self, read: dict[str, list[object]]) -> None:
        """What a road's other columns imply, and what contradicts itself."""
        words = self._given("road_class") or [None] * len(self.frame)
        for row, word in enumerate(words):
            if not read["legal_class"][row] and read["road_class"][row]:
                read["legal_class"][row] = cells.legal_class_of(word)
            begins, ends = read["from_m"][row], read["to_m"][row]
            if read["oneway"][row] == -1:
                # Drawn against the traffic: the line is turned by whoever takes `turned`
                self.turned.append(row)
                begins, ends = read["from_m"][row], read["to_m"][row] = ends, begins
            if read["oneway"][row] is not None:
                read["oneway"][row] = bool(read["oneway"][row])
            if (begins is None) != (ends is None) or (begins is not None and begins == ends):
                self._add(
                    f"{self.label(row)}:to_m",
                    f"起止桩号应成对且不同：{begins}、{ends}",
                    f"both stakes are needed, and they must differ: {begins}, {ends}",
                )

    def _add(self, field: str, zh: str, en: str) -> None:
        self.faults.append(Fault(field, zh, en))
