"""A small model of NeMo 1, plain and packed with gzip."""

import gzip
import io
import tarfile
from collections.abc import Mapping

from sample_bundles.weights import Tensor, torch_zip_bytes

CONFIG = """\
sample_rate: &rate 16000
target: nemo.collections.asr.models.ctc_bpe_models.EncDecCTCModelBPE
train_ds:
  manifest_filepath: /data/librispeech/train.json
  sample_rate: *rate
  batch_size: 16
validation_ds:
  manifest_filepath: ???
encoder:
  _target_: nemo.collections.asr.modules.ConformerEncoder
  feat_in: 80
decoder:
  _target_: nemo.collections.asr.modules.ConvASRDecoder
  num_classes: 3
tokenizer:
  type: bpe
  model_path: nemo:0f_tokenizer.model
"""
TENSORS = (Tensor("encoder.weight", "F32", (4, 6)), Tensor("decoder.bias", "F32", (4,)))


def tar_bytes(members: Mapping[str, bytes | tarfile.TarInfo]) -> bytes:
    """Write a tar file as NeMo does: names begin with `./`. A member that is no bytes is a header of its own."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        top = tarfile.TarInfo(".")
        top.type = tarfile.DIRTYPE
        archive.addfile(top)
        for name, data in members.items():
            if isinstance(data, tarfile.TarInfo):
                archive.addfile(data)
                continue
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


MEMBERS = {
    "0f_tokenizer.model": b"\x0a\x0e\x0a\x05<unk>\x15\0\0\0\0\x18\x02",
    "model_config.yaml": CONFIG.encode(),
    "model_weights.ckpt": torch_zip_bytes(TENSORS, "archive"),
}
PLAIN = tar_bytes(MEMBERS)
FILES = {"model.nemo": PLAIN, "packed.nemo": gzip.compress(PLAIN, mtime=0)}
