"""The room holds what every exact answer stands on: ratios, integer payoffs, exact programmes, extreme rays."""
