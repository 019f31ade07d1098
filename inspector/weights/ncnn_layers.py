"""The layers of an ncnn model, and the blocks of numbers that each of them takes from the file beside.

Source: ncnn's layers (`load_param`, `load_model`) and its `modelbin.cpp`; `parameters` are by their number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge

MAGIC = "7767517"
MOST_LAYERS = 100_000
LARGEST_NUMBER = 2**31
ARRAY = -23300  # a parameter of this number less its own is an array


class Block(NamedTuple):
    """Numbers of a layer: how many, and whether a mark of how they are packed stands before them."""

    size: int
    marked: bool


@dataclass(slots=True)
class Layer:
    """A layer: its type, its name, its parameters."""

    kind: str
    name: str
    parameters: dict[int, str] = field(default_factory=dict)

    def number(self, key: int, default: int = 0) -> int:
        """Read a whole parameter; the default where it is left out or none."""
        text = self.parameters.get(key, "")
        if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 12:
            return int(text)
        return default


def read_layers(lines: tuple[str, ...]) -> Iterator[Layer]:
    """Read the layers of a text; raises Malformed for a line that is none, and where there are fewer or more than announced."""
    words = lines[1].split() if len(lines) > 1 else []
    if len(words) != 2 or not all(word.isascii() and word.isdigit() and len(word) < 8 for word in words):
        raise Malformed("no counts of layers and blobs stand in the second line")
    announced, count = int(words[0]), 0
    if announced > MOST_LAYERS:
        raise TooLarge(f"{announced} layers, the limit is {MOST_LAYERS}")
    for number, line in enumerate(lines[2:], 3):
        if line.strip():
            count += 1
            if count > announced:
                raise Malformed(f"line {number}: more than the {announced} layers that are announced")
            yield _layer(line.split(), number)
    if count < announced:
        raise Malformed(f"truncated: {announced} layers are announced, {count} are there")


def _layer(words: list[str], number: int) -> Layer:
    if len(words) < 4 or not all(word.isascii() and word.isdigit() and len(word) < 8 for word in words[2:4]):
        raise Malformed(f"line {number} describes no layer")
    layer = Layer(words[0][:100], words[1][:200])
    for word in words[4 + int(words[2]) + int(words[3]) :]:
        key, equals, value = word.partition("=")
        if not equals or not key.lstrip("-").isascii() or not key.lstrip("-").isdigit() or len(key) > 8:
            continue
        layer.parameters[int(key) if int(key) > ARRAY else ARRAY - int(key)] = value
    return layer


def list_blocks(layer: Layer) -> list[Block] | None:
    """Give the blocks of a layer in their order; `None` for a layer whose blocks are not known."""
    if layer.kind in NONE:
        return []
    known = BLOCKS.get(layer.kind)
    blocks = None if known is None else known(layer)
    if blocks is not None and any(not 0 <= block.size < LARGEST_NUMBER for block in blocks):
        raise Malformed(f"{layer.name}: a layer with a negative number of weights, or 2^31")
    return blocks


def _weighted(size: int, output: int = 0, bias: int = 5, scale: int | None = 8) -> Callable[[Layer], list[Block] | None]:
    """Describe a layer of one matrix and a bias, by the numbers of its parameters; one with scales of 8-bit numbers is not known."""

    def blocks(layer: Layer) -> list[Block] | None:
        if scale is not None and layer.number(scale):
            return None
        told = [Block(layer.number(size), marked=True)]
        return told + ([Block(layer.number(output), marked=False)] if layer.number(bias) else [])

    return blocks


def _plain(*parameters: int, default: int = 0) -> Callable[[Layer], list[Block]]:
    return lambda layer: [Block(layer.number(key, default), marked=False) for key in parameters]


def _scale(layer: Layer) -> list[Block]:
    count = layer.number(0)
    if count == -233:  # the scale comes from another layer
        return []
    return [Block(count, marked=False)] * (2 if layer.number(1) else 1)


def _norm(channels: int, affine: int) -> Callable[[Layer], list[Block]]:
    return lambda layer: [Block(layer.number(channels), marked=False)] * (2 if layer.number(affine, 1) else 0)


def _memory(layer: Layer) -> list[Block]:
    count = 1
    for key in (0, 1, 11, 2):
        count *= max(1, layer.number(key))
    return [Block(count, marked=layer.number(21, 1) == 0)]


def _recurrent(gates: int, biases: int) -> Callable[[Layer], list[Block] | None]:
    def blocks(layer: Layer) -> list[Block] | None:
        output, hidden = layer.number(0), layer.number(3) or layer.number(0)
        if layer.number(8) or hidden != output:
            return None
        directions = 2 if layer.number(2) == 2 else 1
        sizes = (layer.number(1), directions * biases * output, directions * gates * output * output)
        return [Block(size, marked=True) for size in sizes]

    return blocks


CONVOLUTIONS = ("Convolution", "ConvolutionDepthWise", "Deconvolution", "DeconvolutionDepthWise", "Convolution3D", "DeformableConv2D")
BLOCKS: dict[str, Callable[[Layer], list[Block] | None]] = {
    **dict.fromkeys(CONVOLUTIONS, _weighted(6)),
    **dict.fromkeys(("Convolution1D", "ConvolutionDepthWise1D"), _weighted(6, scale=19)),
    "InnerProduct": _weighted(2, bias=1),
    "Embed": _weighted(3, bias=2, scale=18),
    "BatchNorm": _plain(0, 0, 0, 0),
    "Bias": _plain(0),
    "PReLU": _plain(0),
    "Normalize": _plain(3),
    "Scale": _scale,
    "LayerNorm": _norm(0, 2),
    "InstanceNorm": _norm(0, 2),
    "GroupNorm": _norm(1, 3),
    "MemoryData": _memory,
    "RNN": _recurrent(1, 1),
    "LSTM": _recurrent(4, 4),
    "GRU": _recurrent(3, 4),
}
NONE = frozenset({
    "Input", "Split", "Concat", "ReLU", "Sigmoid", "TanH", "Softmax", "Pooling", "Pooling1D", "Eltwise", "BinaryOp", "UnaryOp", "Interp",
    "Reshape", "Permute", "Flatten", "Crop", "Slice", "Dropout", "Clip", "HardSwish", "HardSigmoid", "Swish", "Mish", "GELU", "ELU", "SELU",
    "Reduction", "ExpandDims", "Squeeze", "PixelShuffle", "ShuffleChannel", "Noop", "Power", "Exp", "Log", "AbsVal", "ArgMax", "LRN", "MVN",
    "Reorg", "Yolov3DetectionOutput", "YoloDetectionOutput", "DetectionOutput", "PriorBox", "Proposal", "ROIPooling", "ROIAlign", "PSROIPooling",
    "Packing", "Cast", "MatMul", "Tile", "GridSample", "CumulativeSum", "CopyTo", "Fold", "Unfold", "Erf", "Softplus", "Diag", "GLU", "Threshold",
    "BNLL", "SPP", "StatisticsPooling", "Einsum", "Shrink", "CELU",
})  # fmt: skip
