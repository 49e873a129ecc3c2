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
                "SEAMLESS_CLOCK_SECONDS": "often",
            }
        )
    assert {fault.field for fault in caught.value.faults} == {
        "SEAMLESS_DATA",
        "SEAMLESS_DISTRICT",
        "SEAMLESS_LANG",
        "SEAMLESS_TIMEZONE",
        "SEAMLESS_CLOCK_SECONDS",
    }


def test_today_is_the_day_of_the_time_zone() -> None:
    east = Settings.read({"SEAMLESS_TIMEZONE": "Pacific/Kiritimati"}).today()
    west = Settings.read({"SEAMLESS_TIMEZONE": "Pacific/Niue"}).today()
    assert isinstance(east, date)
    assert east > west


@pytest.mark.parametrize(("given", "seconds"), [("", 60), ("0", 0), ("5", 5), ("86400", 86400)])
def test_the_clock_acts_every_minute_unless_told_otherwise(given: str, seconds: int) -> None:
    assert Settings.read({"SEAMLESS_CLOCK_SECONDS": given}).clock_s == seconds


@pytest.mark.parametrize("given", ["-1", "1.5", "86401", "五"])
def test_an_interval_that_is_no_whole_number_of_seconds_is_refused(given: str) -> None:
    with pytest.raises(BadInput, match="SEAMLESS_CLOCK_SECONDS"):
        Settings.read({"SEAMLESS_CLOCK_SECONDS": given})
