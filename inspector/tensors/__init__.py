"""Tensors: where every container keeps them, and how a few of their elements are read as numbers, without any framework."""

from inspector.tensors.containers import list_tensors as list_tensors
from inspector.tensors.tensor import Tensor as Tensor
