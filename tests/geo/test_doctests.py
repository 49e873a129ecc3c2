import doctest
import importlib
import pkgutil

import pytest

import geo

MODULES = sorted(found.name for found in pkgutil.iter_modules(geo.__path__) if not found.ispkg)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"geo.{name}")).failed == 0
