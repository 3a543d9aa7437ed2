"""Room for the editor: decisions laid over what the line proposes (a later issue)."""
