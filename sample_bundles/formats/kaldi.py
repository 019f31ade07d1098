"""A tiny acoustic model of Kaldi, and the header of a graph."""

import struct
from math import prod


def block(*shape: int, kind: str = "F") -> bytes:
    """Write a matrix or a vector of zeros."""
    letter = "M" if len(shape) == 2 else "V"
    sizes = b"".join(b"\x04" + struct.pack("<i", size) for size in shape)
    return f"{kind}{letter} ".encode() + sizes + bytes(prod(shape) * (4 if kind == "F" else 8))


def model_bytes() -> bytes:
    """Write a model of transitions and one component."""
    transitions = b"<TransitionModel> <Topology> \x04\x03\0\0\0</Topology> <LogProbs> " + block(9) + b"</LogProbs> </TransitionModel> "
    component = b"<Nnet3> <NaturalGradientAffineComponent> <LinearParams> " + block(6, 4) + b"<BiasParams> " + block(6) + b"</Nnet3> "
    return b"\0B" + transitions + component


def graph_bytes(kind: bytes = b"const", states: int = 12, arcs: int = 30) -> bytes:
    """Write the header of a graph."""
    names = struct.pack("<i", len(kind)) + kind + struct.pack("<i", 8) + b"standard"
    return struct.pack("<i", 2125659606) + names + struct.pack("<2iQ3q", 2, 0, 3, 0, states, arcs) + bytes(64)


FILES = {"am/final.mdl": model_bytes(), "graph/HCLG.fst": graph_bytes(), "ivector/final.mat": b"\0B" + block(3, 5)}
