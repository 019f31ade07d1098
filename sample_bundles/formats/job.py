"""A job description of a cluster that starts a training."""

FILES = {
    "jobs/pretrain.yaml": """name: pretrain
resources:
  gpus: 8
command: |
  torchrun --nproc_per_node 8 train.py --config configs/base.yaml
""",
}
