"""What a call must deliver: instruments, packages that enforce the deal, proofs of both, and their text."""
