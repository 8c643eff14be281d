"""What is proven of an outcome over all equilibria."""
