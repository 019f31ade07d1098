"""A small model as Keras 3 saves it: its configuration and its weights in a zip file."""

import io
import json
import zipfile

from sample_bundles.formats.hdf5 import CONFIG, WEIGHTS

ABOUT = json.dumps({"keras_version": "3.10.0", "date_saved": "2026-01-01@00:00:00"})
WHOLE = {"module": "keras", "registered_name": None, **CONFIG, "compile_config": {"loss": "mse"}}


def keras_bytes(
    config: object = WHOLE, weights: bytes | None = WEIGHTS, more: dict[str, bytes] | None = None, *, deflated: bool = False
) -> bytes:
    """Write a model; a configuration that is a text is written as it is."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        files = {"metadata.json": ABOUT.encode(), "config.json": (config if isinstance(config, str) else json.dumps(config)).encode()}
        files |= {"model.weights.h5": weights} if weights is not None else {}
        for name, data in {**files, **(more or {})}.items():
            archive.writestr(zipfile.ZipInfo(name), data, archive.compression)
    return stream.getvalue()


MODEL = keras_bytes()
FILES: dict[str, str | bytes] = {"model.keras": MODEL}
