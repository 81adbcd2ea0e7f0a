"""What a person sees and types: tables, charts, pager, prompts, editor and status lines."""
