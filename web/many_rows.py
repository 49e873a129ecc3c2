"""Rows of a table become questions, and answers become columns beside them.

A row that can be asked is asked in bulk; a row with a fault goes through `web.asking.pose` alone,
so that it is refused in the words of one at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from enforcement.bulk import Answers, ManyAnswers, Telling, Told
from enforcement.errors import EnforcementError
from enforcement.questions import PLACE_FACTS, AtPoint, Question
from geo.crs import many_to_wgs84
from geo.errors import GeoError
from rules.errors import Fault, RulesError
from web.asking import MAX_ACCURACY_M, Asked, pose
from web.desk import Desk
from web.errors import BadInput, WebError
from web.many_tables import Chunk, Source

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Texts = list[str | None]

OURS: Final = (
    "outcome",
    "certain",
    "lead",
    "lead_name",
    "interim",
    "rules",
    "ask",
    "street",
    "street_name",
    "zones",
    "road",
    "border_m",
    "error",
)
"""The columns that are added, in this order. One that the file has too is named `answer_…`."""
_WORDS: Final = ("matter", "on", "occurred_on", "asker", "site")
_NUMBERS: Final = ("lon", "lat", "accuracy")
_FACT: Final = "fact."
_REFUSALS = (RulesError, GeoError, EnforcementError, WebError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What holds for rows that do not say it themselves, and the system of their coordinates."""

    matter: str | None = None
    on: str | None = None
    accuracy: str | None = None
    crs: str | None = None


class Asking:
    """How one table is asked: which columns are what."""

    def __init__(
        self, desk: Desk, source: Source, columns: Mapping[str, str], defaults: Defaults
    ) -> None:
        """Raises `BadInput` for columns that there are not, and where something is not said."""
        self._desk = desk
        self._defaults = defaults
        self._shape = source.shape
        self.crs = defaults.crs or (_named_crs(source.crs) if source.shape else None)
        catalogue = desk.district.book.catalogue
        self._facts_of = {
            code: frozenset(fact.name for fact in matter.facts) | set(PLACE_FACTS)
            for code, matter in catalogue.matters.items()
        }
        self._columns = self._matched(source, columns)
        if self.crs is not None:
            many_to_wgs84(np.zeros(0), np.zeros(0), self.crs)

    def _matched(self, source: Source, columns: Mapping[str, str]) -> dict[str, str]:
        """Ours → the file's column, or a fixed value that begins with `=`."""
        every = frozenset[str]().union(*self._facts_of.values())
        allowed = {*_WORDS, *_NUMBERS, *every, *(_FACT + name for name in every)}
        found = {name: name for name in source.names if name in allowed}
        faults = [
            Fault(name, "没有事项有这个要素", "no matter has this fact")
            for name in (*source.names, *columns)
            if name.startswith(_FACT) and name not in allowed
        ]
        for ours, theirs in columns.items():
            if ours not in allowed and not ours.startswith(_FACT):
                listed = ", ".join(sorted(allowed - {_FACT + name for name in every}))
                faults.append(
                    Fault(
                        "column", f"没有“{ours}”；可用：{listed}", f"there is no {ours!r}; {listed}"
                    )
                )
            elif not theirs.startswith("=") and theirs not in source.names:
                listed = ", ".join(source.names)
                faults.append(
                    Fault(
                        "column",
                        f"文件没有“{theirs}”列；有：{listed}",
                        f"the file has no column {theirs!r}; it has: {listed}",
                    )
                )
            found[ours] = theirs
        if "matter" not in found and self._defaults.matter is None:
            faults.append(
                Fault(
                    "matter",
                    "文件没有 matter 列；请用 --matter 或 --column matter=列名",
                    "the file has no column matter; give --matter or --column matter=NAME",
                )
            )
        if not ({"lon", "lat"} <= set(found) or "site" in found or self._shape is not None):
            faults.append(
                Fault(
                    "lon",
                    "文件没有 lon、lat 列；请用 --column lon=列名 --column lat=列名",
                    "the file has no columns lon and lat; give --column lon=NAME --column lat=NAME",
                )
            )
        if faults:
            raise BadInput(faults)
        return found

    def answered(self, chunk: Chunk, many: ManyAnswers) -> Answers:
        """The answers to the rows of a chunk."""
        return _Answering(self, chunk, many).answers()

    # --- what a chunk is asked ----------------------------------------------------------------

    def texts(self, chunk: Chunk, ours: str) -> pa.Array | None:
        """A column as text, stripped, null where empty; None where there is no such column."""
        theirs = self._columns.get(ours)
        if theirs is None:
            return None
        rows = chunk.table.num_rows
        if theirs.startswith("="):
            return pa.array([theirs[1:]] * rows, pa.string())
        column = chunk.table.column(theirs).combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if (
            pa.types.is_timestamp(column.type)
            and pc.all(pc.equal(column, pc.floor_temporal(column, unit="day"))).as_py() is not False
        ):
            column = column.cast(pa.date32())
        text = pc.utf8_trim_whitespace(column.cast(pa.string()))
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)

    def words(self) -> list[str]:
        """The columns that make questions differ, where they are asked aside."""
        return [name for name in self._columns if name not in _NUMBERS]

    def positions(self, chunk: Chunk) -> tuple[Floats, Floats]:
        """Longitudes and latitudes, not finite where there are none."""
        if self._shape is not None and "lon" not in self._columns:
            shapes = shapely.from_wkb(
                chunk.table.column(self._shape).to_numpy(zero_copy_only=False)
            )
            return shapely.get_x(shapes), shapely.get_y(shapes)
        given = [self.texts(chunk, name) for name in ("lon", "lat")]
        if given[0] is None or given[1] is None:
            nothing = np.full(chunk.table.num_rows, np.nan)
            return nothing, nothing
        return _floats(given[0]), _floats(given[1])

    def asked(self, values: Mapping[str, str | None]) -> Asked:
        """What a row asks, without its position."""
        matter = values.get("matter") or self._defaults.matter or ""
        facts: dict[str, str] = {}
        known = self._facts_of.get(matter, frozenset())
        for name, value in values.items():
            if value is None or name in _WORDS:
                continue
            plain = name.removeprefix(_FACT)
            if name.startswith(_FACT) or plain in known:
                facts[plain] = value
        return Asked(
            matter=matter,
            facts=facts,
            site=values.get("site"),
            asker=values.get("asker"),
            on=values.get("on") or self._defaults.on,
            occurred_on=values.get("occurred_on"),
        )

    @property
    def desk(self) -> Desk:
        """What answers one at a time."""
        return self._desk

    @property
    def accuracy(self) -> str | None:
        """The accuracy of rows that say none."""
        return self._defaults.accuracy


class _Answering:
    """One chunk on its way from rows to answers."""

    def __init__(self, asking: Asking, chunk: Chunk, many: ManyAnswers) -> None:
        self._asking = asking
        self._chunk = chunk
        self._many = many
        self._rows = chunk.table.num_rows
        self._settings = asking.desk.district.settings
        self._telling = Telling(self._rows)

    def answers(self) -> Answers:
        """The answers to all rows."""
        xs, ys = self._asking.positions(self._chunk)
        lons, lats = xs, ys
        if self._asking.crs is not None:
            lons, lats = many_to_wgs84(xs, ys, self._asking.crs)
        metres, given_m = self._accuracy()
        names = self._asking.words()
        texts = [self._asking.texts(self._chunk, one) for one in names]
        key, distinct = _distinct_rows(texts, self._rows)
        asked = [self._asking.asked(dict(zip(names, one, strict=True))) for one in distinct]
        here = np.isfinite(lons) & np.isfinite(lats) & (abs(lons) <= 180) & (abs(lats) <= 90)
        here &= (metres >= 0) & (metres <= MAX_ACCURACY_M)
        here &= np.array([one.site is None for one in asked], dtype=bool)[key]
        here[list(self._chunk.faults)] = False
        self._in_bulk(asked, key, np.flatnonzero(here), (lons, lats, metres))
        known: dict[object, tuple[Told, float]] = {}
        for row in np.flatnonzero(~here).tolist():
            fault = self._chunk.faults.get(row)
            if fault is not None:
                self._telling.tell(np.array([row]), [Told(error=f"{fault.zh} / {fault.en}")])
                continue
            at = self._at(row, xs, ys)
            same = (int(key[row]), at, given_m[row])
            if same not in known:
                known[same] = self._alone(asked[key[row]], at, given_m[row])
            self._telling.tell(np.array([row]), [known[same][0]])
            self._telling.border_m[row] = known[same][1]
        return self._telling.answers()

    def _in_bulk(
        self,
        asked: Sequence[Asked],
        key: Ints,
        rows: Ints,
        where: tuple[Floats, Floats, Floats],
    ) -> None:
        """Answer the rows that have a position: the good questions together, the bad ones each."""
        questions: list[Question] = []
        number = np.full(len(asked), -1, dtype=np.int64)
        for n in np.unique(key[rows]).tolist():
            try:
                question = self._posed(replace(asked[n], at=(0.0, 0.0)))
            except BadInput as error:
                self._telling.tell(rows[key[rows] == n], [Told(error=str(error))])
            else:
                number[n] = len(questions)
                questions.append(question)
        rows = rows[number[key[rows]] >= 0]
        if rows.size:
            lons, lats, metres = (each[rows] for each in where)
            part = self._many.of(questions, number[key[rows]], lons, lats, metres)
            self._telling.tell(rows, part.told, part.code.astype(np.int64))
            self._telling.border_m[rows] = part.border_m

    def _posed(self, asked: Asked) -> Question:
        desk = self._asking.desk
        return pose(asked, district=desk.district, sites=desk.kept, today=desk.today()).question

    def _accuracy(self) -> tuple[Floats, Texts]:
        given = self._asking.texts(self._chunk, "accuracy")
        default = self._asking.accuracy
        if given is None:
            texts: Texts = [default] * self._rows
            value = self._settings.accuracy_m if default is None else _number(default)
            return np.full(self._rows, value), texts
        texts = [default if one is None else one for one in given.to_pylist()]
        values = _floats(given)
        lacking = np.asarray(given.is_null())
        values[lacking] = self._settings.accuracy_m if default is None else _number(default)
        return values, texts

    def _at(self, row: int, xs: Floats, ys: Floats) -> str | tuple[float, float] | None:
        """Where a row is, as it was given; None where nothing was."""
        lon, lat = (self._cell(name, row) for name in ("lon", "lat"))
        if lon is None and lat is None:
            x, y = float(xs[row]), float(ys[row])
            return None if np.isnan(x) and np.isnan(y) else (x, y)
        return f"{lon or ''},{lat or ''}"

    def _cell(self, ours: str, row: int) -> str | None:
        one = self._asking.texts(Chunk(self._chunk.table.slice(row, 1)), ours)
        return None if one is None else one[0].as_py()

    def _alone(
        self, asked: Asked, at: str | tuple[float, float] | None, accuracy: str | None
    ) -> tuple[Told, float]:
        """A row asked by itself: at a site, or refused."""
        crs = self._asking.crs if at is not None else None
        given = replace(asked, at=at, accuracy=accuracy if at is not None else None, crs=crs)
        try:
            question = self._posed(given)
        except _REFUSALS as error:
            return Told(error=str(error)), np.nan
        if not isinstance(question.where, AtPoint):
            raise TypeError(question.where)
        where = question.where
        part = self._many.of(
            [question],
            np.zeros(1, dtype=np.int64),
            np.array([where.point.lon]),
            np.array([where.point.lat]),
            np.array([where.accuracy_m]),
        )
        return part.told[0], float(part.border_m[0])


def told_columns(answers: Answers, lang: str) -> list[tuple[str, pa.Array]]:
    """The answers as columns named as in `OURS`."""
    code = pa.array(answers.code)

    def taken(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind).take(code)

    told = answers.told
    columns: dict[str, pa.Array] = {
        name: taken([getattr(one, name) for one in told], pa.string())
        for name in OURS
        if name not in ("certain", "lead_name", "border_m")
    }
    columns["certain"] = taken([one.certain for one in told], pa.bool_())
    names = [one.lead_name and getattr(one.lead_name, lang) for one in told]
    columns["lead_name"] = taken(names, pa.string())
    columns["border_m"] = pa.array(answers.border_m, mask=np.isnan(answers.border_m))
    return [(name, columns[name]) for name in OURS]


def _distinct_rows(
    columns: Sequence[pa.Array | None], rows: int
) -> tuple[Ints, list[tuple[str | None, ...]]]:
    """For each row the number of its distinct combination of texts, and the combinations."""
    key = np.zeros(rows, dtype=np.int64)
    values: list[list[str | None]] = []
    codes: list[Ints] = []
    for column in columns:
        if column is None:
            continue
        coded = column.dictionary_encode(null_encoding="encode")
        codes.append(np.asarray(coded.indices).astype(np.int64))
        values.append(coded.dictionary.to_pylist())
        if len(values[-1]) > 1:
            _, key = np.unique(key * len(values[-1]) + codes[-1], return_inverse=True)
            key = key.reshape(-1)
    first = np.unique(key, return_index=True)[1] if rows else np.zeros(0, dtype=np.int64)
    combinations = [
        tuple(value[code[at]] for value, code in zip(values, codes, strict=True))
        for at in first.tolist()
    ]
    return key, combinations


def _floats(texts: pa.Array) -> Floats:
    try:
        return np.array(texts.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except pa.ArrowInvalid:
        return np.array([_number(text) for text in texts.to_pylist()], dtype=np.float64)


def _number(text: str | None) -> float:
    """What Python reads of a text as a number, as one at a time does; not a number otherwise."""
    try:
        return float(text or "nan")
    except ValueError:
        return np.nan


def _named_crs(crs: str | None) -> str | None:
    """The system of a layer; None for WGS84, which needs no moving."""
    return None if crs is None or crs.upper() == "EPSG:4326" else crs
