"""The command: every module of `inspector.commands` adds its own; whatever was not foreseen is one line and an exit code."""

import gc
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from shlex import quote

import typer

from inspector import commands
from inspector.commands.application import NAME, app, list_commands, shape_commands
from inspector.console import say
from inspector.errors import ExitCode
from inspector.model import printable

__all__ = ["app", "main"]

# Evidence is many small values without cycles: to look for cycles after every 700 of them takes a tenth of the time.
GENERATION = 200_000

for _module in sorted(iter_modules(commands.__path__), key=lambda found: found.name):
    import_module(f"{commands.__name__}.{_module.name}")
shape_commands(app)


def main() -> None:
    """Run the command; whatever was not foreseen is one line and exit code 70."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(GENERATION)
    try:
        # What a command came to is the code that it exits with.
        sys.exit(app(prog_name=NAME, standalone_mode=False) or ExitCode.DONE)
    except typer.TyperException as error:
        say_misuse(error.format_message(), sys.argv[1:])
        sys.exit(ExitCode.USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("INSPECTOR_TRACEBACK"):
            raise
        say(f"inspector: this is a bug of ours: {type(error).__name__}: {error}")
        say("Please report it with the command you ran; INSPECTOR_TRACEBACK=1 shows where it happened.")
        sys.exit(ExitCode.BUG)


def say_misuse(message: str, words: list[str]) -> None:
    """Say in one line what is wrong with the words of the command, and what to do; nothing where the help was shown in place of an answer."""
    if not message:
        return
    first = words[0] if words else ""
    known = list_commands(app)
    if first not in known and not first.startswith("-") and Path(first).exists():
        say(
            f"inspector: {printable(first)}: say what to do with it: `{NAME} audit {quote(printable(first))}`; `{NAME} -h` lists the commands"
        )
        return
    told = " ".join(message.split())
    asked = f"{NAME} {first} -h" if first in known else f"{NAME} -h"
    say(f"inspector: {told}{'' if told.endswith(('.', '?')) else '.'} `{asked}` {'shows how' if first in known else 'lists the commands'}")
