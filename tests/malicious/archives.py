"""Malicious archives: pickles under other names, in other archives, and behind directories that lie."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

from sample_bundles.weights import Tensor, torch_legacy_bytes, torch_zip_bytes
from tests.malicious.opcodes import ACTS, OLD, SYSTEM

TENSORS = (Tensor("model.weight", "F32", (4, 4)),)
TORCH = torch_zip_bytes(TENSORS)
LEGACY = torch_legacy_bytes(TENSORS)
NPY = b"\x93NUMPY\x01\x00"


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Write members as a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    """Write members as a tar file."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def linked(name: str, target: str) -> bytes:
    """Write a tar file that holds a symbolic link."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = tarfile.SYMTYPE, target
        archive.addfile(info)
    return stream.getvalue()


def replaced(member: str, data: bytes, whole: bytes = TORCH) -> bytes:
    """Give a torch archive another member, or one more."""
    with zipfile.ZipFile(io.BytesIO(whole)) as old:
        return zipped({name: old.read(name) for name in old.namelist()} | {member: data})


def patched(data: bytes, mark: bytes, offset: int, change: bytes) -> bytes:
    """Change bytes behind the first of a record's marks."""
    at = data.index(mark) + offset
    return data[:at] + change + data[at + len(change) :]


def renamed_inside(data: bytes, old: bytes, new: bytes) -> bytes:
    """Give a member another name in its local header alone, which comes first."""
    return data.replace(old, new, 1)


def object_array(pickled: bytes, descr: str = "'|O'") -> bytes:
    """Write an array of objects in NumPy's format, with a pickle of one's own."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return NPY + struct.pack("<H", len(header)) + header + pickled


def lz4_stored(data: bytes) -> bytes:
    """Write an LZ4 frame of one block that is not packed."""
    return b"\x04\x22\x4d\x18\x60\x40\x82" + struct.pack("<I", len(data) | 1 << 31) + data + bytes(4)


def hidden_member(data: bytes) -> bytes:
    """Leave a member out of the directory, and keep its bytes."""
    full, cut = zipped({"evil.bin": data, "ok.txt": b"ok"}), zipped({"ok.txt": b"ok"})
    directory = cut[cut.index(b"PK\x01\x02") :]
    body = full[: full.index(b"PK\x01\x02")]
    at = body.index(b"PK\x03\x04", 4)
    entry = directory[:42] + struct.pack("<I", at) + directory[46:-22]
    return body + entry + directory[-22:-6] + struct.pack("<I", len(body)) + b"\0\0"


PICKLED = zipped({"m/data.pkl": ACTS})
TWO = zipped({"a": b"x" * 20, "b": b"y" * 20})
DEEP = zipped({"c.bin": zipped({"b.bin": zipped({"a.bin": ACTS})})})

# name of the case -> (path of the file, its bytes): these hold what would act
ACTING: dict[str, tuple[str, bytes]] = {
    "the main pickle of torch": ("m.pt", replaced("archive/data.pkl", ACTS)),
    "another member of torch, under an innocent name (GHSA-769v)": ("m.pt", replaced("archive/notes.txt", ACTS)),
    "a member where storages stand": ("m.pt", replaced("archive/data/9", ACTS)),
    "a packed member of torch": ("m.pt", zipped({"archive/data.pkl": b"\x80\x02}.", "archive/extra": ACTS}, zipfile.ZIP_DEFLATED)),
    "DATA.PKL": ("m.pt", zipped({"archive/DATA.PKL": ACTS, "archive/version": b"3"})),
    "a debug pickle": ("m.pt", replaced("archive/code/x.debug_pkl", ACTS)),
    "a pickle of protocol 0 as a text": ("m.zip", zipped({"readme.txt": OLD})),
    "a zip file without a suffix": ("weights", PICKLED),
    "a zip file named as JSON": ("config.json", PICKLED),
    "a zip file packed with bzip2": ("m.zip", zipped({"a": ACTS}, zipfile.ZIP_BZIP2)),
    "a zip file packed with LZMA": ("m.zip", zipped({"a": ACTS}, zipfile.ZIP_LZMA)),
    "a zip file in a zip file": ("m.zip", zipped({"inner.dat": PICKLED})),
    "three zip files deep": ("m.zip", DEEP),
    "a tar file in a zip file": ("m.zip", zipped({"x": tarred({"y": ACTS})}, zipfile.ZIP_DEFLATED)),
    "a zip file in a tar file": ("m.tar.x", tarred({"y": PICKLED})),
    "a packed tar file": ("m.tgz.x", gzip.compress(tarred({"y": ACTS}), mtime=0)),
    "a packed file in a zip file": ("m.zip", zipped({"y.gz": gzip.compress(ACTS, mtime=0)})),
    "a wrong checksum (CVE-2025-10156)": (
        "m.zip",
        patched(patched(PICKLED, b"PK\x03\x04", 14, b"\1\2\3\4"), b"PK\x01\x02", 16, b"\1\2\3\4"),
    ),
    "an encryption flag in the local header alone (GHSA-w8jq)": ("m.zip", patched(PICKLED, b"PK\x03\x04", 6, b"\x01")),
    "an encryption flag in both headers, of what is not encrypted": (
        "m.pt",
        patched(patched(PICKLED, b"PK\x03\x04", 6, b"\x01"), b"PK\x01\x02", 8, b"\x01"),
    ),
    "flags that mean a patch (0x20)": ("m.zip", patched(patched(PICKLED, b"PK\x03\x04", 6, b"\x20"), b"PK\x01\x02", 8, b"\x20")),
    "another name in the local header (GHSA-7q5r)": ("m.pt", renamed_inside(PICKLED, b"m/data.pkl", b"m/data.txt")),
    "another size in the directory": ("m.pt", patched(PICKLED, b"PK\x01\x02", 20, struct.pack("<II", 3, 3))),
    "a size beyond the file": ("m.pt", patched(PICKLED, b"PK\x01\x02", 20, struct.pack("<II", 2**31 - 1, 2**31 - 1))),
    "another method in the directory": ("m.pt", patched(PICKLED, b"PK\x01\x02", 10, b"\x08\x00")),
    "a member that no directory names": ("m.zip", hidden_member(ACTS)),
    "two archives behind one another": ("m.pt", PICKLED + TORCH),
    "two archives behind one another, the hostile one last": ("m.pt", TORCH + PICKLED),
    "bytes before the archive": ("m.png", b"\x89PNG\r\n\x1a\n" + bytes(500) + PICKLED),
    "no directory at all": ("m.pt", PICKLED[: PICKLED.index(b"PK\x01\x02")]),
    "a directory that is cut": ("m.pt", PICKLED[:-15]),
    "a name that stands twice": ("m.pt", replaced("archive/DATA.pkl", ACTS)),
    "bytes behind the directory": ("m.pt", PICKLED + b"junk"),
    "an array of objects": ("a.npy", object_array(ACTS)),
    "an array of objects under another name": ("a.dat", object_array(ACTS)),
    "an array of objects in an archive of arrays": ("a.npz", zipped({"x.npy": object_array(ACTS)})),
    "an array of objects in a packed archive of arrays": ("a.npz", zipped({"x.npy": object_array(ACTS)}, zipfile.ZIP_DEFLATED)),
    "a pickle among arrays": ("a.npz", zipped({"x.npy": object_array(b"\x80\x04]."), "y.txt": ACTS})),
    "joblib with zlib": ("m.joblib", zlib.compress(ACTS)),
    "joblib with gzip": ("m.joblib", gzip.compress(ACTS, mtime=0)),
    "joblib with bzip2": ("m.joblib", bz2.compress(ACTS)),
    "joblib with xz": ("m.joblib", lzma.compress(ACTS)),
    "joblib with lzma": ("m.joblib", lzma.compress(ACTS, lzma.FORMAT_ALONE)),
    "joblib with LZ4": ("m.joblib", lz4_stored(ACTS)),
    "gzip with a wrong checksum, which is seen after the payload": ("m.pkl.gz", gzip.compress(ACTS, mtime=0)[:-8] + b"\1\2\3\4\5\6\7\x08"),
    "zlib with a wrong checksum": ("m.joblib", zlib.compress(ACTS)[:-4] + b"\1\2\3\4"),
    "zlib without its end": ("m.joblib", zlib.compress(ACTS)[:-4]),
    "a second pickle behind the first, packed with it": ("m.joblib", zlib.compress(b"\x80\x04}." + b"junk" * 9 + ACTS)),
    "packed twice": ("m.bin", gzip.compress(zlib.compress(ACTS), mtime=0)),
    "a bundle of NeMo": ("m.nemo", tarred({"model_config.yaml": b"a: 1\n", "model_weights.ckpt": replaced("archive/data.pkl", ACTS)})),
    "another member of a bundle of NeMo": (
        "m.nemo",
        tarred({"model_config.yaml": b"a: 1\n", "model_weights.ckpt": TORCH, "vocab.txt": ACTS}),
    ),
    "a member of a Keras file": ("m.keras", zipped({"config.json": b"{}", "metadata.json": b"{}", "assets/vocab": ACTS})),
    "torch before 1.6": ("m.bin", LEGACY.replace(b"\x80\x02M\xe9\x03.", b"\x80\x02" + SYSTEM + b"0M\xe9\x03.", 1)),
    "torch of 2016": (
        "m.tar.pth",
        tarred({"sys_info": b"\x80\x02}.", "pickle": ACTS, "storages": b"\x80\x02K\0.", "tensors": b"\x80\x02K\0."}),
    ),
    "a distributed checkpoint": ("__0_0.distcp", TORCH + replaced("archive/data.pkl", ACTS)),
    "the metadata of a distributed checkpoint": (".metadata", ACTS),
    "another member of a distributed checkpoint": ("__0_0.distcp", replaced("archive/x", ACTS)),
    "a pickle as a text": ("notes.txt", OLD),
    "a pickle as JSON": ("config.json", ACTS),
    "a pickle without a suffix": ("tokenizer", OLD),
    "a pickle as weights": ("model.safetensors", ACTS),
    "a pickle as an array": ("x.npy", ACTS),
    "gzip in two parts, with the payload across them": (
        "m.pkl.gz",
        gzip.compress(ACTS[:9], mtime=0) + gzip.compress(ACTS[9:], mtime=0),
    ),
    "bzip2 in two parts": ("m.pkl.bz2", bz2.compress(ACTS[:9]) + bz2.compress(ACTS[9:])),
    "xz in two parts": ("m.pkl.xz", lzma.compress(ACTS[:9]) + lzma.compress(ACTS[9:])),
    "records with objects in them": ("a.npy", object_array(ACTS, "[('a', '<f4'), ('b', '|O')]")),
    "an archive in the comment of another": ("m.pt", TORCH[:-2] + struct.pack("<H", len(PICKLED)) + PICKLED),
    "a name that leads out": ("m.zip", zipped({"../../a": ACTS})),
}

# name of the case -> (path, bytes): what they hold is not known, or unpacking them does harm
SUSPICIOUS: dict[str, tuple[str, bytes]] = {
    "7z under a model's name (nullifAI)": ("model.pt", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40)),
    "Zstandard under the name of a pickle": ("m.pkl.zst", b"\x28\xb5\x2f\xfd\x04\x58" + bytes(40)),
    "RAR": ("m.bin", b"Rar!\x1a\x07\x01\x00" + bytes(40)),
    "an encrypted member": (
        "m.zip",
        patched(patched(zipped({"a": b"\x01\x02\x03 sealed"}), b"PK\x03\x04", 6, b"\x01"), b"PK\x01\x02", 8, b"\x01"),
    ),
    "a method that is not read": (
        "m.zip",
        patched(patched(zipped({"a": b"sealed"}), b"PK\x03\x04", 8, b"\x5d\0"), b"PK\x01\x02", 10, b"\x5d\0"),
    ),
    "four zip files deep": ("m.zip", zipped({"d.bin": DEEP})),
    "sizes of a bomb": ("m.zip", patched(zipped({"a": b"x" * 50}, zipfile.ZIP_DEFLATED), b"PK\x01\x02", 24, struct.pack("<I", 2**31))),
    "members that overlap": ("m.zip", patched(TWO, b"PK\x01\x02", 20, struct.pack("<II", 60, 60))),
    "a link that leads out": ("m.tar", linked("a", "../../etc/passwd")),
    "a name that leads out of a tar file": ("m.tar", tarred({"../../a": b"x"})),
    "an archive of text behind a picture": ("m.png", b"\x89PNG\r\n\x1a\n" + zipped({"a.txt": b"a"})),
}

# name of the case -> (path, bytes): nothing is wrong with these
HONEST: dict[str, tuple[str, bytes]] = {
    "a torch archive": ("pytorch_model.bin", TORCH),
    "sound weights of torch before 1.6": ("pytorch_model.bin", LEGACY),
    "a torch archive in a torch archive, stored": (
        "model.pt2",
        replaced("archive/data/weights/model.pt", TORCH, zipped({"archive/version": b"1"})),
    ),
    "texts in a zip file": ("docs.zip", zipped({"readme.txt": b"cython\nnumpy\n", "config.json": b'{"a": 1}'}, zipfile.ZIP_DEFLATED)),
    "texts in a packed tar file": ("docs.tgz", gzip.compress(tarred({"requirements.txt": b"torch==2.0\nnumpy\n"}), mtime=0)),
    "a link that stays": ("m.tar.x", linked("lib/a.so", "a.so.1")),
    "a packed text": ("log.txt.gz", gzip.compress(b"step 1 loss 2\n" * 100, mtime=0)),
    "requirements": ("requirements.txt", b"cython\nnumpy\ntorch==2.0\n"),
    "a text whose first lines name functions": ("words.txt", b"cos\nsin\ntan\n"),
    "a text that begins like opcodes": ("NOTES", b"(see below)\nINSTALL\n.\n"),
    "numbers that begin like zlib": ("x.dat", b"\x78\x01" + bytes(range(200))),
}
