"""What the command puts on the screen and into files: results, one line for what goes wrong, progress."""

import math
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from inspector.errors import DataError, ExitCode, InspectorError, NothingToInspect, UsageError

TERMINAL_SECONDS, LOG_SECONDS = 0.5, 30.0


def write(text: str, output: Path | None = None) -> None:
    """Write a result to standard output, or to a file."""
    if output is None:
        sys.stdout.reconfigure(errors="backslashreplace") if hasattr(sys.stdout, "reconfigure") else None
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        say(f"inspector: {output}: it cannot be written: {error.strerror}")
        raise typer.Exit(ExitCode.USAGE) from error


def make_directory(path: Path) -> None:
    """Make a directory for results, unless it is there."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        say(f"inspector: {path}: it cannot be made: {error.strerror}")
        raise typer.Exit(ExitCode.USAGE) from error


@contextmanager
def reported() -> Iterator[None]:
    """Turn what this program raises on purpose into one line and an exit code."""
    try:
        yield
    except NothingToInspect as error:
        say(f"inspector: {error}")
        raise typer.Exit(ExitCode.NOTHING) from error
    except UsageError as error:
        say(f"inspector: {error}")
        raise typer.Exit(ExitCode.USAGE) from error
    except (DataError, InspectorError) as error:
        say(f"inspector: this is a bug of ours: {error}")
        raise typer.Exit(ExitCode.BUG) from error


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show progress on stderr while work goes on; nothing at all when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    titles = {"files": "reading headers", "bytes": "hashing", "texts": "recognising licence texts (the index takes some seconds to load)"}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {phase: bar.add_task(title, total=None, visible=False) for phase, title in titles.items()}
        yield lambda phase, done, total: bar.update(tasks[phase], completed=done, total=total or None, visible=done < total)


@contextmanager
def pace() -> Iterator[Callable[[int, int, int], None]]:
    """Show on stderr how a long run goes: one line that changes on a terminal, a line every half minute where there is none."""
    from inspector.fleet.pace import tell_pace

    start, shown, length = time.monotonic(), -math.inf if sys.stderr.isatty() else time.monotonic(), 0

    def watch(done: int, total: int, failed: int) -> None:
        nonlocal start, shown, length
        now, live = time.monotonic(), sys.stderr.isatty()
        start = now if not done else start
        if now - shown < (TERMINAL_SECONDS if live else LOG_SECONDS):
            return
        shown, text = now, tell_pace(done, total, failed, now - start)
        if live:
            sys.stderr.write(f"\r{text.ljust(length)}")
            sys.stderr.flush()
            length = len(text)
        else:
            say(text)

    try:
        yield watch
    finally:
        if length:
            sys.stderr.write(f"\r{' ' * length}\r")
            sys.stderr.flush()


def say(text: str) -> None:
    """Say something beside the result, on standard error."""
    typer.echo(text, err=True)


def columns() -> int:
    """Give the width of the terminal, 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def row_columns() -> int | None:
    """Give the width that rows have to fit into: of the terminal, or what COLUMNS says; none where they go into a pipe or a file."""
    return columns() if sys.stdout.isatty() or os.environ.get("COLUMNS") else None


def is_colored() -> bool:
    """Say whether the terminal takes colours and nobody asked for none."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
