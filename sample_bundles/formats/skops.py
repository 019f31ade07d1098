"""A small estimator as skops writes it: arrays in a zip file, and the tree of its types."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from math import prod
from typing import TypeAlias

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
SIZES = {"<f4": 4, "<f8": 8, "<i8": 8}


def npy_bytes(descr: str, shape: tuple[int, ...]) -> bytes:
    """Write an array of zeros."""
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header.encode() + bytes(prod(shape) * SIZES.get(descr, 0))


def node(full: str, loader: str, **more: Json) -> dict[str, Json]:
    """Write a node of the schema: a type, how it is loaded, and what else it has."""
    module, _, name = full.rpartition(".")
    content: dict[str, Json] = {"__class__": name, "__module__": module, "__loader__": loader, **more}
    return {**content, "__id__": zlib.crc32(json.dumps(content).encode())}


def array(file: str) -> dict[str, Json]:
    """Write the node of an array in a file."""
    return node("numpy.ndarray", "NdArrayNode", type="numpy", file=file)


def estimator(full: str, attributes: Mapping[str, Json]) -> dict[str, Json]:
    """Write the node of an estimator with its attributes."""
    keys = [node("builtins.str", "TypeNode") for _ in attributes]
    names = node("builtins.list", "ListNode", content=[*keys])
    return node(full, "ObjectNode", content=node("builtins.dict", "DictNode", content=dict(attributes), key_types=names))


def skops_bytes(root: Mapping[str, Json] | str, arrays: Mapping[str, bytes], *, deflated: bool = False) -> bytes:
    """Write a skops file; a schema that is a text is written as it is."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, data in arrays.items():
            archive.writestr(zipfile.ZipInfo(name), data, archive.compression)
        schema = root if isinstance(root, str) else json.dumps({**root, "protocol": 2, "_skops_version": "0.16.0"}, indent=2)
        archive.writestr(zipfile.ZipInfo("schema.json"), schema, archive.compression)
    return stream.getvalue()


ARRAYS = {"1.npy": npy_bytes("<f8", (1, 5)), "2.npy": npy_bytes("<f8", (1,)), "3.npy": npy_bytes("<i8", (2,))}
MODEL = estimator(
    "sklearn.linear_model._logistic.LogisticRegression",
    {
        "C": node("builtins.str", "JsonNode", content="1.0", is_json=True),
        "coef_": array("1.npy"),
        "intercept_": array("2.npy"),
        "classes_": array("3.npy"),
    },
)
FILES = {"model.skops": skops_bytes(MODEL, ARRAYS)}
