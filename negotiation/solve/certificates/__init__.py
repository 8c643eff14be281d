"""The room writes the proofs of answers that the checker in `verify` accepts."""
