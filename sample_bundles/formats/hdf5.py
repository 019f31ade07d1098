"""Small weights in HDF5: a whole model of Keras in the old manner, and weights alone in the new one."""

import json

from sample_bundles.hdf5_bytes import Numbers, Tree, hdf5_bytes

CONFIG = {
    "class_name": "Sequential",
    "config": {
        "name": "small",
        "layers": [
            {"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "units": 2}, "registered_name": None},
        ],
    },
}
LAYER: Tree = {"dense": {"bias:0": Numbers((2,)), "kernel:0": Numbers((4, 2))}}
TREE: Tree = {
    "model_weights": {"dense": LAYER, **{f"dropout_{number}": dict[str, Numbers]() for number in range(9)}},
    "optimizer_weights": {"Adam": {"iteration:0": Numbers((), 8, floats=False), "kernel_m:0": Numbers((4, 2))}},
}
TEXTS = {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": json.dumps(CONFIG), "training_config": '{"loss": "mse"}'}
MODEL = hdf5_bytes(TREE, TEXTS)
WEIGHTS = hdf5_bytes({"layers": {"dense": {"vars": {"0": Numbers((4, 2), 2), "1": Numbers((2,), 2)}}}}, new=True)
FILES: dict[str, str | bytes] = {"model.h5": MODEL, "model.weights.h5": WEIGHTS}
