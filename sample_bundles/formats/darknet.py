"""A tiny network of Darknet: its settings, and weights of exactly as many numbers."""

import struct

SETTINGS = """# a tiny network
[net]
width=8
height=8
channels=3

[convolutional]
batch_normalize=1
filters=4
size=3
stride=1
pad=1
activation=leaky

[maxpool]
size=2
stride=2

[convolutional]
filters=6
size=1
stride=1

[route]
layers = -1,-2

[connected]
output=5

[yolo]
classes=1
"""
FIRST, SECOND = 4 + 3 * 4 + 4 * 3 * 9, 6 + 6 * 4
COUNT = FIRST + SECOND + 5 * (10 * 4 * 4) + 5


def weights_bytes(count: int = COUNT, minor: int = 2) -> bytes:
    """Write so many zeros behind the numbers of a version."""
    return struct.pack("<3iQ" if minor >= 2 else "<3iI", 0, minor, 0, 32013312) + bytes(4 * count)


FILES = {"tiny.cfg": SETTINGS, "tiny.weights": weights_bytes()}
