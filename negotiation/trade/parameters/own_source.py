"""What a parameter may know of sources: their kinds, and the source of a number given without one."""

from __future__ import annotations

from negotiation.trade.parameters.parameter import Source

SOURCE_KINDS = ("published", "judgement")
OWN_KEY = "judgement-own"  # a number that somebody sets without saying where it comes from
OWN_SOURCE = Source(OWN_KEY, "A number of your own, given in a scenario file without a source", kind="judgement")
