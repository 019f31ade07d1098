"""`python -m inspector`: the same as the command."""

from inspector.cli import main

main()
