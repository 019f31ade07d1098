"""A pickle's opcodes followed with symbols instead of objects: the globals it names, the calls it would make, the tensors and arrays it describes.

Nothing is imported, called or unpickled: a call becomes a description of the call, and what is not understood becomes "something". Large
payloads are skipped, also the arrays that joblib writes between opcodes. What was seen before a stream breaks is kept.
Source: Python's `pickletools`; torch's `_utils` and numpy's array state for the descriptions.
"""

from inspector.errors import Malformed, TooLarge
from inspector.pickles.actions import ACTIONS, STOP
from inspector.pickles.listing import Listing
from inspector.pickles.machine import MOST_VALUES, Machine
from inspector.serialization.stream import Stream

__all__ = ["Listing", "Machine", "follow", "list_pickle", "start"]
MOST_OPCODES = 100_000_000
CHECKED = 1024  # opcodes between two looks at the limits


def list_pickle(stream: Stream, depth: int = 0, most: int = MOST_OPCODES) -> Listing:
    """Follow one pickle to its STOP; never raises for its content: `fault` says where it broke or grew beyond the limits."""
    machine = start(stream, depth, most)
    try:
        follow(machine)
    except Malformed as error:
        machine.listing.fault = str(error)
    machine.listing.end = stream.position
    return machine.listing


def start(stream: Stream, depth: int = 0, most: int = MOST_OPCODES) -> Machine:
    """Make a machine that will follow the pickle at the place of a stream."""
    return Machine(stream, depth, most, list_pickle)


def follow(machine: Machine) -> None:
    """Follow the opcodes until STOP.

    Raises Malformed where the stream breaks, TooLarge beyond the limits.
    """
    stream, actions, listing = machine.stream, ACTIONS, machine.listing
    while True:
        count = 0
        try:
            for count in range(1, min(CHECKED, max(1, machine.most - listing.opcodes)) + 1):  # noqa: B007  the count is needed behind the loop
                at = stream.at
                if at < len(stream.block):
                    code = stream.block[at]
                    stream.at = at + 1
                else:
                    code = stream.take(1)[0]
                if code == STOP:
                    return
                actions[code](machine)
        finally:
            listing.opcodes += count
        if len(machine.stack) + len(machine.marks) > MOST_VALUES or listing.opcodes >= machine.most:
            raise TooLarge(f"the pickle outgrows the limits at byte {stream.position} ({machine.most} opcodes, {MOST_VALUES} values)")
