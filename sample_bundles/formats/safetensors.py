"""A safetensors file with one tensor of each dtype that its package writes."""

from sample_bundles.weights import DTYPES, Tensor, safetensors_bytes

FILES = {"every-dtype.safetensors": safetensors_bytes([Tensor(f"tensor.{word.lower()}", word, (2, 4)) for word in sorted(DTYPES)])}
