"""What stands at the head of TensorRT's engines, with metadata before it and without."""

import json
import struct

ENGINE = b"ptrt" + bytes(60)


def with_metadata(metadata: str) -> bytes:
    """Write metadata before an engine, as Ultralytics does."""
    return struct.pack("<I", len(metadata)) + metadata.encode() + ENGINE


METADATA = json.dumps(
    {"description": "Ultralytics YOLO11n model", "license": "AGPL-3.0 License (https://ultralytics.com/license)", "stride": 32}
)
FILES = {"model.plan": ENGINE, "yolo.engine": with_metadata(METADATA)}
