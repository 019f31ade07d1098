"""A distributed checkpoint of torch: archives behind one another, and a pickle that names the file."""

import struct

from sample_bundles.weights import Tensor, torch_zip_bytes

TENSORS = (Tensor("model.weight", "F32", (4, 2)), Tensor("optim.state.exp_avg", "F32", (4, 2)), Tensor("model.bias", "BF16", (4,)))


def stacked_bytes(tensors: tuple[Tensor, ...] = TENSORS) -> bytes:
    """Write one archive for each tensor."""
    return b"".join(torch_zip_bytes([tensor]) for tensor in tensors)


def metadata_bytes(*names: str) -> bytes:
    """Write a pickle that mentions what the metadata of such a checkpoint does."""
    module = b"torch.distributed.checkpoint.metadata"
    texts = [name.encode() for name in names]
    values = b"".join(b"X" + struct.pack("<I", len(text)) + text for text in texts)
    return b"\x80\x02c" + module + b"\nMetadata\n)\x81c" + module + b"\nTensorStorageMetadata\n)\x81](" + values + b"e\x87."


FILES = {"step-10/__0_0.distcp": stacked_bytes(), "step-10/.metadata": metadata_bytes("__0_0.distcp")}
