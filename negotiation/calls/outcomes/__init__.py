"""One call outcome analysed, all outcomes side by side, and what is said of each."""
