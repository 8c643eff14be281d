"""The public functions behind `import negotiation as ng`: generous with arguments, strict in results; how they look."""
