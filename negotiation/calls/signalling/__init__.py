"""The call as a sender-receiver game, and how likely each outcome of a call is."""
