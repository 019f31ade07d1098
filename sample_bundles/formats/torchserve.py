"""A small archive of TorchServe: weights, a handler, and the manifest that names them."""

import io
import json
import zipfile
from collections.abc import Mapping

from sample_bundles.weights import Tensor, torch_zip_bytes


def mar_bytes(model: Mapping[str, str], members: Mapping[str, bytes], *, deflated: bool = False) -> bytes:
    """Write an archive of members and a manifest."""
    manifest = json.dumps({"createdOn": "01/01/2026", "runtime": "python", "model": model, "archiverVersion": "0.12.0"})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, data in {**members, "MAR-INF/MANIFEST.json": manifest.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name), data, archive.compression)
    return stream.getvalue()


WEIGHTS = torch_zip_bytes([Tensor("dense.weight", "F32", (4, 2)), Tensor("dense.bias", "F32", (2,))])
MODEL = {"modelName": "small", "serializedFile": "model.pt", "handler": "handler.py", "modelFile": "model.py", "modelVersion": "1.0"}
MEMBERS = {"model.pt": WEIGHTS, "handler.py": b"def handle(data, context):\n    return data\n", "model.py": b"class Net:\n    pass\n"}
ARCHIVE = mar_bytes(MODEL, MEMBERS)
BUILT_IN = {"modelName": "small", "serializedFile": "model.pt", "handler": "image_classifier", "modelVersion": "1.0"}
FILES: dict[str, str | bytes] = {"small.mar": mar_bytes(BUILT_IN, {"model.pt": WEIGHTS})}
