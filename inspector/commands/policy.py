"""`inspector policy`: write a new policy with every key explained, and check one before it is relied on."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inspector.commands.application import app
from inspector.console import reported, write
from inspector.errors import UsageError
from inspector.options import Output

TEMPLATE = "new-policy.toml"
group = typer.Typer(help="Write a policy for `inspector audit --policy`, or check one.", no_args_is_help=True)
app.add_typer(group, name="policy")


@group.command(name="init")
def write_policy(output: Output = None) -> None:
    """Write a new policy, in which every key is explained. A file that is there already is left alone.

    Exit codes: 0 done; 2 wrong usage.
    """
    from inspector.tables import read_shipped

    with reported():
        if output is not None and output.exists():
            raise UsageError(f"{output}: the file is there already; name another or remove it")
        text = read_shipped(TEMPLATE).decode()
    write(text, output)


@group.command(name="check")
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policies.")]) -> None:
    """Read policies strictly, and say in a few lines what each asks for. Expired exceptions are named.

    Exit codes: 0 they can be used; 2 one cannot, and why.
    """
    from inspector.policies.check import load_policy
    from inspector.render.policy import describe_policy

    with reported():
        text = "".join(describe_policy(load_policy(file), datetime.now(UTC).date()) for file in files)
    write(text, None)
