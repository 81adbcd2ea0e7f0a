"""Inputs that nobody thought of: each target states a law, and atheris looks for an input that breaks it.

A target is a module here with `check` (its law, for any bytes), `seeds` (inputs to begin with) and `WORDS` (what they
are made of). `python -m fuzz` runs them; `tests/project/test_fuzz.py` tries the laws on the seeds and on all that was
found.
"""
