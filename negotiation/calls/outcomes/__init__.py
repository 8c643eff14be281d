"""One call outcome, and all side by side."""
