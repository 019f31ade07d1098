"""The command: every module of `inspector.commands` adds its own; whatever was not foreseen is one line and an exit code."""

import gc
import os
import signal
import sys
from importlib import import_module
from pkgutil import iter_modules

from inspector import commands
from inspector.commands.application import app
from inspector.console import say
from inspector.errors import ExitCode

__all__ = ["app", "main"]

# Evidence is many small values without cycles: to look for cycles after every 700 of them takes a tenth of the time.
GENERATION = 200_000

for _module in sorted(iter_modules(commands.__path__), key=lambda found: found.name):
    import_module(f"{commands.__name__}.{_module.name}")


def main() -> None:
    """Run the command; whatever was not foreseen is one line and exit code 70."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(GENERATION)
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("INSPECTOR_TRACEBACK"):
            raise
        say(f"inspector: this is a bug of ours: {type(error).__name__}: {error}")
        say("Please report it with the command you ran; INSPECTOR_TRACEBACK=1 shows where it happened.")
        sys.exit(ExitCode.BUG)
