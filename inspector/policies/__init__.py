"""Policies: what an organisation asks of a bundle before it goes on, a report held against it, and what is new in one."""
