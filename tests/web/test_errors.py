"""Every error that the packages raise on purpose has an exit code and an HTTP status."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import enforcement
import geo
import rules
import web
from enforcement.errors import EnforcementError
from geo.errors import BadPoint, GeoError
from rules.errors import DateNotCovered, Fault, RulesError
from web.errors import MEANINGS, BadInput, WebError, faults_of, meaning_of

# What a package raises on purpose and lets out; others are caught where they are raised
ROOTS = (RulesError, GeoError, EnforcementError, WebError)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__") and ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def error_classes() -> set[type[Exception]]:
    return {
        member
        for package in (rules, geo, enforcement, web)
        for module in modules(package)
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, ROOTS)
        and member.__module__ == module.__name__
        and not member.__name__.startswith("_")
    }


@pytest.mark.parametrize("error", sorted(error_classes(), key=str))
def test_every_error_class_is_in_the_table(error: type[Exception]) -> None:
    assert error in MEANINGS


def test_bad_input_is_exit_2_and_status_422() -> None:
    refused = BadPoint(field="at", zh="不行", en="no")
    assert (meaning_of(refused).exit_code, meaning_of(refused).status) == (2, 422)
    assert faults_of(refused) == (Fault("at", "不行", "no"),)


def test_an_error_nobody_foresaw_is_exit_1_and_tells_nothing_of_the_inside() -> None:
    surprise = ZeroDivisionError("secret")
    assert (meaning_of(surprise).exit_code, meaning_of(surprise).status) == (1, 500)
    (fault,) = faults_of(surprise)
    assert "secret" not in fault.zh + fault.en


def test_a_child_of_a_known_error_means_what_its_parent_means() -> None:
    class NotYetCovered(DateNotCovered):
        pass

    assert meaning_of(NotYetCovered(field="on", zh="", en="")).exit_code == 2


def test_each_fault_of_several_is_told() -> None:
    faults = (Fault("at", "甲", "a"), Fault("on", "乙", "b"))
    assert faults_of(BadInput(faults)) == faults
