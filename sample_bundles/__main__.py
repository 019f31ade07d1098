"""`python -m sample_bundles DIRECTORY`: write all sample systems and say what each one shows; `--arguments NAME`: how to audit one of them."""

import argparse
import shlex
from pathlib import Path

from sample_bundles.build import all_systems, build, place_roots


def main() -> None:
    """Write all systems and print one line for each, or the arguments that `inspector audit` needs for one."""
    parser = argparse.ArgumentParser(prog="sample_bundles", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--arguments", metavar="NAME", help="write nothing, print the roots of this system as arguments")
    options = parser.parse_args()
    systems = {system.name: system for system in all_systems()}
    if options.arguments is None:
        for system in systems.values():
            place = build(system, options.directory)
            print(f"{place}  ({', '.join(root.name for root in system.roots)}): {system.shows}")
        return
    if options.arguments not in systems:
        parser.error(f"there is no system {options.arguments}; there are {', '.join(systems)}")
    first, others = place_roots(systems[options.arguments], options.directory)
    print(shlex.join([str(first), *(word for role, path in others for word in ("--with", f"{role}={path}"))]))


if __name__ == "__main__":
    main()
