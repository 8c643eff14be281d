"""What a leaders' call changes, and what the change is worth: outcomes, comparison, break-evens."""
