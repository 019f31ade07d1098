"""A small checklist of an original release of Llama, with the file that it names."""

from hashlib import md5

from sample_bundles.weights import Tensor, torch_zip_bytes

WEIGHTS = torch_zip_bytes((Tensor("tok_embeddings.weight", "F16", (16, 4)),), "consolidated")
PARAMS = '{"dim": 4, "n_layers": 1, "n_heads": 1, "vocab_size": 8, "norm_eps": 1e-05}'
SUMS = {"consolidated.00.pth": WEIGHTS, "params.json": PARAMS.encode()}
CHECKLIST = "".join(f"{md5(data, usedforsecurity=False).hexdigest()}  {name}\n" for name, data in SUMS.items())
FILES: dict[str, str | bytes] = {"checklist.chk": CHECKLIST, "params.json": PARAMS, "consolidated.00.pth": WEIGHTS}
