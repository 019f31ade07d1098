"""A small MLflow model that its own loaders load."""

MLMODEL = """\
artifact_path: model
flavors:
  python_function:
    model_path: model.pkl
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    predict_fn: predict
    python_version: 3.11.9
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.5.1
mlflow_version: 2.16.0
model_uuid: 00000000000000000000000000000000
run_id: 11111111111111111111111111111111
signature:
  inputs: '[{"type": "double", "name": "length"}]'
  outputs: '[{"type": "long"}]'
utc_time_created: '2024-09-13 08:20:59.604982'
"""
FILES = {"MLmodel": MLMODEL}
