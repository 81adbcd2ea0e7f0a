"""Terminal output and input: tables, charts, pager, prompts, editor and status lines."""
