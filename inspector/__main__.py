"""`python -m inspector`: the same as the command."""

from inspector.start import main

main()
