"""What a project asks to be cited, in both of the ways that projects say it."""

CFF = """cff-version: 1.2.0
title: tiny
type: software
preferred-citation:
  type: article
  title: A Paper on Tiny
  doi: 10.5555/1234567
"""
BIB = "@misc{tiny,\n  title = {{Tiny}: A Paper},\n  eprint = {2301.00001},\n  archivePrefix = {arXiv},\n}\n"
FILES = {"CITATION.cff": CFF, "CITATION.bib": BIB}
