"""What a file of tensors is for: the parameters, an adapter of other parameters, or the state that training leaves behind.

Not every file in a weights format holds a model. Calling optimizer state "the parameters" would be a false answer to the question whether
they are here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from inspector.model import Component

SUFFIXES = frozenset({
    ".safetensors", ".sft", ".gguf", ".ggml", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle",
    ".h5", ".hdf5", ".keras", ".onnx", ".onnx_data", ".msgpack", ".ot", ".npz", ".distcp", ".tflite",
    ".pdparams", ".pdiparams", ".nemo", ".engine", ".plan", ".pte", ".mlmodel", ".weights", ".pb",
    ".ptd", ".params", ".pdopt", ".traineddata", ".mnn", ".rknn", ".trt", ".ftz", ".jit",
})  # fmt: skip
BY_NAME = (
    (re.compile(r"training_args\.bin"), Component.MODEL_METADATA, "training-arguments"),
    (re.compile(r"(rng_state|random_states?)[\w.-]*"), Component.CHECKPOINTS, "random-state"),
    (re.compile(r"model_optim_rng\.pt|distrib_optim\.pt"), Component.CHECKPOINTS, "megatron-checkpoint"),
    (re.compile(r"(optim|optimizer|scheduler|scaler)s?([_.-].*)?|.*_optim_states\.pt|.*\.pdopt"), Component.CHECKPOINTS, "optimizer-state"),
)
# What trainers write for each part of a model below the directory of a step; the same names elsewhere can be published weights.
STEP_PARTS = re.compile(r"(?:.*/)?(?:global_step|iter_)\d+/(?:.*/)?(?:[\w-]*model_states|model_rng|common)\.pt")
# The last word of a tensor's name in the state of Adam, SGD with momentum, RMSprop and Adafactor.
OPTIMIZER_WORDS = frozenset(
    {"exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer", "square_avg", "exp_avg_sq_row", "exp_avg_sq_col", "step"}
)
ADAPTER_WORDS = ("lora", "hada_w", "ia3_l", "lokr_w")
ADAPTER = re.compile(
    r"(?:^|[._/])(?:lora_[AB]|lora_(?:up|down)|lora_embedding_[AB]|hada_w[12]_[ab]|ia3_l|lokr_w[12])(?:[._/]|$)", re.IGNORECASE
)


# The last word of a parameter's name in what torch, Keras, flax and word vectors write.
PARAMETER_WORDS = frozenset({
    "weight", "weights", "bias", "biases", "kernel", "gamma", "beta", "scale", "scales", "embedding", "embeddings", "cls", "pos_embedding",
    "moving_mean", "moving_variance", "running_mean", "running_var", "qweight", "vectors", "vectors_ngrams", "vectors_vocab", "syn0", "syn1",
    "syn1neg", "lora_a", "lora_b",
})  # fmt: skip
LAST_WORD = re.compile(r"(?:^|[./:])(\w+?)(?::0|\.npy)?$")
WEIGHTS_NAME = re.compile(r"(?:^|[^a-z])(?:weights?|params?|parameters|model|checkpoint|ckpt)(?:[^a-z]|$)")


@dataclass(frozen=True, slots=True)
class Role:
    """The component that a file's tensors belong to and the value of the evidence that says so."""

    component: Component
    value: str


def role_by_name(path: str) -> Role | None:
    """Recognise training state and training arguments by the names that trainers give their files."""
    name = PurePosixPath(path).name.casefold()
    if STEP_PARTS.fullmatch(path.casefold()):
        return Role(Component.CHECKPOINTS, "model-states")
    return next((Role(component, value) for pattern, component, value in BY_NAME if pattern.fullmatch(name)), None)


def is_adapter_name(tensor: str) -> bool:
    """Say whether a tensor's name is one of a low-rank adapter."""
    folded = tensor.casefold()
    return any(word in folded for word in ADAPTER_WORDS) and ADAPTER.search(tensor) is not None


def is_optimizer_name(tensor: str) -> bool:
    """Say whether a tensor's name ends in a word of optimizer state."""
    return tensor[max(tensor.rfind("."), tensor.rfind("/")) + 1 :] in OPTIMIZER_WORDS


def is_parameter_name(name: str) -> bool:
    """Say whether the last word of an array's name is one that parameters have: arrays of data have others."""
    found = LAST_WORD.search(name.casefold())
    return found is not None and found[1] in PARAMETER_WORDS


def is_model_file_name(path: str) -> bool:
    """Say whether a file's name says that a model is in it, in a format that holds any arrays."""
    return WEIGHTS_NAME.search(PurePosixPath(path).stem.casefold()) is not None


@dataclass(slots=True)
class Votes:
    """A running count of what tensors' names say, so that the names themselves need not be kept."""

    total: int = 0
    adapters: int = 0
    states: int = 0

    def add(self, name: str) -> None:
        """Count one tensor by its name."""
        self.total += 1
        self.adapters += is_adapter_name(name)
        self.states += is_optimizer_name(name)

    def role(self, path: str, value: str) -> Role:
        """Choose what a file's tensors are, by the file's name and then by all of the tensors' names.

        An adapter has at least one adapter tensor in three: there may be biases and saved heads too. Optimizer state has nothing else.
        """
        if (named := role_by_name(path)) is not None:
            return named
        if self.total and self.states == self.total:
            return Role(Component.CHECKPOINTS, "optimizer-state")
        return Role(Component.PARAMETERS, f"{value}-adapter" if self.adapters * 3 >= self.total > 0 else value)


def role_of(path: str, tensors: Iterable[str], value: str) -> Role:
    """Choose what a file's tensors are when all their names are at hand."""
    votes = Votes()
    for name in tensors:
        votes.add(name)
    return votes.role(path, value)


def is_weights_name(path: str) -> bool:
    """Say whether a file's name promises weights: by its suffix, as a numbered tensor without one, or as numbers beside."""
    pure = PurePosixPath(path.casefold())
    return pure.suffix in SUFFIXES or re.fullmatch(r"tensor\d{5}_\d{3}|.+\.(?:data-\d{5}-of-\d{5}|onnx\.data)", pure.name) is not None
