"""The call as a sender-receiver game."""
