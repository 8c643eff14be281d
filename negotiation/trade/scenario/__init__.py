"""The Scenario value and its parts."""
