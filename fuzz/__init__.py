"""Fuzzing: each target states a law, and atheris looks for an input that breaks it.

A target is a module here with `check` (its law, for any bytes), `seeds` (initial inputs) and `WORDS` (their
vocabulary). `python -m fuzz` runs them; `tests/project/test_fuzz.py` checks the laws on the seeds and on all earlier
finds.
"""
