"""The JSON that comes in, checked for its shape alone.

What the words mean is checked in `asking`, by the same code for the command line and for HTTP.
Here unknown keys and wrong types are refused; a string is never taken for a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from rules.errors import Fault
from web.errors import BadInput

MAX_BODY_BYTES = 64 * 1024

Short = Annotated[str, StringConstraints(max_length=200)]
Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """Refuses unknown keys and does not convert types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class PositionIn(Strict):
    """A position; `crs` of the question says in which system."""

    lon: float = Field(description="经度 / Longitude, degrees", examples=[114.1172])
    lat: float = Field(description="纬度 / Latitude, degrees", examples=[22.6046])


class ResolveIn(Strict):
    """A question: what, where (exactly one of `at`, `road`, `area`, `site`) and when."""

    matter: Short = Field(description="事项代码 / The code of the matter")
    facts: dict[Short, Short] = Field(
        default={},
        max_length=100,
        description="要素；不知道就写 unknown / Facts by name; `unknown` is an answer",
    )
    at: PositionIn | None = Field(default=None, description="定位 / A position")
    accuracy: float | None = Field(
        default=None, description="定位精度（米） / Accuracy of the position, metres"
    )
    crs: Short | None = Field(
        default=None,
        description="坐标系 / wgs84 (default), cgcs2000, gcj02, bd09 or EPSG:n",
    )
    road: Short | None = Field(default=None, description="公路编号 / The road's number, like S28")
    stake: Short | None = Field(default=None, description="桩号 / A stake, like K12+300")
    direction: Short | None = Field(default=None, description="方向 / up or down")
    area: Short | None = Field(
        default=None, description="街道或社区代码 / The code of a street or community"
    )
    site: Short | None = Field(default=None, description="对象编号 / The id of a known site")
    asker: Short | None = Field(default=None, description="首问单位 / The unit that asks")
    on: Short | None = Field(default=None, description="办理日 / Handled on, YYYY-MM-DD")
    occurred_on: Short | None = Field(default=None, description="发生日 / Occurred on, YYYY-MM-DD")


# flask-openapi3 looks here for what the document shows beside the schema
ResolveIn.model_config["openapi_extra"] = {  # type: ignore[typeddict-unknown-key]
    "examples": {
        "vendor": {
            "summary": "2008 年布吉的流动食品摊 / A food vendor in Buji in 2008",
            "value": {
                "matter": "food.safety",
                "at": {"lon": 114.1172, "lat": 22.6046},
                "facts": {"stage": "catering", "licence": "unlicensed", "premises": "mobile"},
                "on": "2008-11-05",
            },
        },
        "guardrail": {
            "summary": "高速公路护栏损坏 / A damaged guardrail on an expressway",
            "value": {
                "matter": "road.asset_defect",
                "road": "S28",
                "stake": "K12+300",
                "facts": {"asset": "guardrail"},
                "on": "2008-11-05",
            },
        },
    }
}


class OnIn(Strict):
    """The day that is asked about."""

    on: Short | None = Field(default=None, description="日期 / YYYY-MM-DD; today when left out")


class MattersIn(OnIn):
    """Which matters to list."""

    q: Short | None = Field(default=None, description="搜索 / Words, pinyin or a code to look for")


class MatterPath(Strict):
    """Names a matter."""

    code: Short = Field(description="事项代码 / The code of the matter")


class LayerPath(Strict):
    """Names a kind of layer."""

    kind: Short = Field(description="图层 / street, road, zone, community, grid or district")


class FaultOut(BaseModel):
    """One thing that is wrong with what came in."""

    field: str
    zh: str
    en: str


class FaultsOut(BaseModel):
    """Everything that is wrong with what came in."""

    errors: list[FaultOut]


def parsed_json(model: type[Model], body: bytes) -> Model:
    """The body as `model`; raises `BadInput` with every fault of its shape."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise BadInput(_faults(error)) from None


def parsed_fields(model: type[Model], fields: Mapping[str, object]) -> Model:
    """Query or path fields as `model`; raises `BadInput` with every fault of their shape."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise BadInput(_faults(error)) from None


_SAID: dict[str, tuple[str, str]] = {
    "missing": ("必须填写", "is required"),
    "extra_forbidden": ("没有这一项；可用的见接口文档", "is not known; see the API document"),
    "string_type": ("须为字符串", "must be a string"),
    "string_too_long": ("太长，最多 200 个字符", "is too long: at most 200 characters"),
    "float_type": ("须为数字，不加引号", "must be a number, without quotes"),
    "dict_type": ("须为对象：名称对应值", "must be an object of names and values"),
    "model_type": ("须为 JSON 对象", "must be a JSON object"),
    "model_attributes_type": ("须为 JSON 对象", "must be a JSON object"),
    "too_long": ("项目太多，最多 100 项", "has too many entries: at most 100"),
    "json_invalid": ("正文不是有效的 JSON 对象", "the body is no valid JSON object"),
}


def _faults(error: ValidationError) -> list[Fault]:
    return [_fault(one["type"], one["loc"], one["msg"]) for one in error.errors()]


def _fault(kind: str, loc: tuple[Any, ...], said: str) -> Fault:
    zh, en = _SAID.get(kind, (f"不正确（{said}）", f"is not right: {said}"))
    return Fault(_field(loc), zh, en)


def _field(loc: tuple[Any, ...]) -> str:
    """The field as `asking` names it: `fact stage` for facts.stage, `at.lon`, else `body`."""
    if not loc:
        return "body"
    if loc[0] == "facts" and len(loc) > 1:
        return f"fact {loc[1]}"
    return ".".join(str(part) for part in loc)
