"""The commands: one file each, found by its name in this folder.

A module has a function `run` whose parameters are the options, as Typer reads them, and whose docstring is the help; a
parameter that is a dataclass is a group of options (`expand_option_groups`).
"""
