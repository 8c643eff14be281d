"""Writing proofs that verify/ accepts."""
