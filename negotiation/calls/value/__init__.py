"""What a call, and what information, is worth to each side."""
