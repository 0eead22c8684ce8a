"""The conversation, free of any messenger."""
