"""How the command line speaks: one language for answers, both for what was refused."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from rules.errors import Fault
from rules.model import Text
from web.desk import Desk, open_desk
from web.errors import EXIT_BAD_INPUT, EXIT_FAILED, faults_of, meaning_of
from web.logs import log_unexpected
from web.settings import Lang, Settings

WIDEST = 100
INTERRUPTED = 130


@dataclass
class Speaker:
    """What the commands of one call share. `opened` is what answers, once it was needed."""

    settings: Settings
    lang: Lang
    opened: Desk | None = None

    @property
    def desk(self) -> Desk:
        """What answers; opened when first asked for."""
        if self.opened is None:
            self.opened = open_desk(self.settings)
        return self.opened

    @property
    def width(self) -> int:
        """How many columns a line may take."""
        return min(WIDEST, shutil.get_terminal_size((80, 24)).columns)

    def say(self, text: Text) -> str:
        """The text in the language that was chosen."""
        return self.pick(text.zh, text.en)

    def pick(self, zh: str, en: str) -> str:
        """One of two sentences, by the language that was chosen."""
        return en if self.lang is Lang.EN else zh


pass_speaker = click.make_pass_decorator(Speaker)


def print_json(value: object) -> None:
    """Print a value as JSON, as it stands."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def refuse(faults: Iterable[Fault], lang: Lang) -> None:
    """Print each fault on standard error, in both languages, the chosen one first."""
    for fault in faults:
        field = f" {fault.field}" if fault.field else ""
        lines = (f"错误{field}：{fault.zh}", f"error{field}: {fault.en}")
        for line in lines if lang is Lang.ZH else lines[::-1]:
            click.echo(line, err=True)


class SeamlessGroup(click.Group):
    """A group whose every ending is an exit code and a sentence, and never a traceback.

    A command returns its exit code, or None for 0; `web.errors` says what errors come to.
    `commands_at` maps the name of a command to its module and name in it; it is loaded when
    called.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - the signature is click's
        commands_at: Mapping[str, str] | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self._commands_at = commands_at or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order in which they are listed."""
        return [*self._commands_at, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        at = self._commands_at.get(cmd_name)
        if at is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = at.partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ANN401 - the signature is click's
        """Run, and end the process."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # a terminal that has no Chinese
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
        except click.ClickException as error:
            refuse([usage_fault(error)], _lang_of(getattr(error, "ctx", None)))
            code = EXIT_BAD_INPUT
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except BrokenPipeError:
            # Whoever read has gone (`| head`); nothing is wrong, and what is left goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        raise SystemExit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error becomes its sentences and its exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - here the unforeseen ends, logged whole
            meaning = meaning_of(error)
            if meaning.exit_code == EXIT_FAILED:
                speaker = ctx.find_object(Speaker)
                data = Path("var") if speaker is None else speaker.settings.data
                log_unexpected(data, error, command=ctx.invoked_subcommand or "")
            refuse(faults_of(error), _lang_of(ctx))
            return meaning.exit_code


def _lang_of(ctx: click.Context | None) -> Lang:
    speaker = None if ctx is None else ctx.find_object(Speaker)
    return Lang.ZH if speaker is None else speaker.lang


def usage_fault(error: click.ClickException) -> Fault:
    """What is wrong with the call itself, in both languages, with where to look it up."""
    ctx = getattr(error, "ctx", None)
    called = "seamless" if ctx is None else ctx.command_path
    zh, en = _said(error)
    return Fault(
        _parameter(error),
        f"{zh}；用法见 {called} --help",
        f"{en.rstrip('.')}; see {called} --help",
    )


def _parameter(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return error.option_name
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    return str(max(parameter.opts, key=len) if parameter.opts else parameter.name)


def _said(error: click.ClickException) -> tuple[str, str]:
    en = error.format_message()
    if isinstance(error, click.NoSuchOption):
        close = "、".join(error.possibilities or ())
        return f"没有这个选项{f'，是不是 {close}' if close else ''}", en
    if isinstance(error, click.MissingParameter):
        return "必须给出", en
    if isinstance(error, click.BadParameter):
        allowed = getattr(getattr(error.param, "type", None), "choices", None)
        listed = "" if allowed is None else f"，可选：{'、'.join(map(str, allowed))}"
        return f"值不正确{listed}", en
    if isinstance(error, click.BadOptionUsage):
        return "选项缺少值，或不应有值", en
    if isinstance(error, click.FileError):
        return f"无法打开文件（{error.message}）", en
    return f"命令写法不对（{en.rstrip('.')}）", en
