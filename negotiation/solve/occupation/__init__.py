"""The room bounds, from both sides, the largest discounted share of periods in which a profile is played."""
