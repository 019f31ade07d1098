"""Where the command starts: what takes nothing to answer is answered before anything is loaded."""

import sys

from inspector import __version__


def main() -> None:
    """Run the command."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"inspector {__version__}\n")
        return
    from inspector import cli

    cli.main()
