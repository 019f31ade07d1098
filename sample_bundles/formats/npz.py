"""Arrays under names in a zip file, as NumPy writes them: parameters by their names."""

import io
import zipfile
from collections.abc import Mapping

from sample_bundles.formats.skops import npy_bytes


def npz_bytes(arrays: Mapping[str, bytes], *, deflated: bool = False) -> bytes:
    """Write arrays as `savez` and `savez_compressed` do."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, data in arrays.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data, archive.compression)
    return stream.getvalue()


ARRAYS = {
    "encoder/layers_0/Dense_0/kernel": npy_bytes("<f4", (4, 8)),
    "encoder/layers_0/Dense_0/bias": npy_bytes("<f4", (8,)),
    "encoder/step": npy_bytes("<i8", ()),
}
FILES = {"vit.npz": npz_bytes(ARRAYS)}
