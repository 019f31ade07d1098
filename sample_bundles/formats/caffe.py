"""A tiny network of Caffe: its weights as newer and as older versions write them, and its description."""

from math import prod

from sample_bundles.messages import field


def blob(*shape: int, old: bool = False) -> bytes:
    """Write zeros; older versions give four sizes in fields of their own."""
    data = field(5, bytes(4 * prod(shape)))
    if old:
        return b"".join(field(place, size) for place, size in enumerate(((1,) * (4 - len(shape))) + shape, 1)) + data
    return data + field(7, b"".join(field(1, size) for size in shape))


def network_bytes(*, kind: str = "InnerProduct", old: bool = False) -> bytes:
    """Write a network of one layer with a matrix and a vector."""
    number, name, blobs = (2, 4, 6) if old else (100, 1, 7)
    layer = field(name, b"fc1") + (field(5, 14) if old else field(2, kind.encode()))
    layer += field(blobs, blob(3, 4, old=old)) + field(blobs, blob(3, old=old))
    return field(1, b"tiny") + field(number, layer)


TEXT = 'name: "tiny"\nlayer {\n  name: "fc1"\n  type: "InnerProduct"\n  bottom: "data"\n}\n'
FILES = {"net.caffemodel": network_bytes(), "old.caffemodel": network_bytes(old=True), "net.prototxt": TEXT.encode()}
