"""Settings are read from the environment in one place, and faults name their variable."""

from datetime import date
from pathlib import Path

import pytest

from web.errors import BadInput
from web.settings import Lang, Settings


def test_without_variables_everything_lies_under_var_and_speaks_chinese() -> None:
    settings = Settings.read({})
    assert settings.data == Path("var").absolute()
    assert settings.database_url == f"sqlite:///{settings.data / 'seamless.db'}"
    assert settings.district is None
    assert settings.lang is Lang.ZH


def test_the_store_moves_with_the_data_unless_it_is_named(tmp_path: Path) -> None:
    assert str(tmp_path) in Settings.read({"SEAMLESS_DATA": str(tmp_path)}).database_url
    named = Settings.read({"SEAMLESS_DATA": str(tmp_path), "DATABASE_URL": "postgresql:///x"})
    assert named.database_url == "postgresql:///x"


def test_every_wrong_variable_is_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(BadInput) as caught:
        Settings.read(
            {
                "SEAMLESS_DATA": str(file),
                "SEAMLESS_DISTRICT": str(tmp_path / "nowhere"),
                "SEAMLESS_LANG": "fr",
                "SEAMLESS_TIMEZONE": "Moon/Crater",
            }
        )
    assert {fault.field for fault in caught.value.faults} == {
        "SEAMLESS_DATA",
        "SEAMLESS_DISTRICT",
        "SEAMLESS_LANG",
        "SEAMLESS_TIMEZONE",
    }


def test_today_is_the_day_of_the_time_zone() -> None:
    east = Settings.read({"SEAMLESS_TIMEZONE": "Pacific/Kiritimati"}).today()
    west = Settings.read({"SEAMLESS_TIMEZONE": "Pacific/Niue"}).today()
    assert isinstance(east, date)
    assert east > west
