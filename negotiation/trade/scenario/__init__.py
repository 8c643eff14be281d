"""The `Scenario` value, its call outcomes and regimes, and many variations of one scenario at once."""
