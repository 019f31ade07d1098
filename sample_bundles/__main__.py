"""`python -m sample_bundles DIRECTORY`: write all sample systems and say what each one shows."""

import argparse
from pathlib import Path

from sample_bundles.build import all_systems, build


def main() -> None:
    """Write all systems and print one line for each."""
    parser = argparse.ArgumentParser(prog="sample_bundles", description=__doc__)
    parser.add_argument("directory", type=Path)
    top = parser.parse_args().directory
    for system in all_systems():
        place = build(system, top)
        print(f"{place}  ({', '.join(root.name for root in system.roots)}): {system.shows}")


if __name__ == "__main__":
    main()
