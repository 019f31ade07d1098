"""A list of the tasks of an evaluation, as a harness reads it."""

FILES = {
    "eval/tasks.yaml": b"""icl_tasks:
- label: proverbs
  dataset_uri: eval/proverbs.jsonl
  num_fewshot: [0, 5]
  icl_task_type: multiple_choice
  metric_names: [accuracy]
""",
}
