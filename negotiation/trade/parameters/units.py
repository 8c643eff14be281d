"""The closed list of units, each with its meaning in words; payoffs given directly may use a part of them."""

UNITS = {
    "USD bn/month": "billions of US dollars a month",
    "USD m/month": "millions of US dollars a month",
    "USD bn/year": "billions of US dollars a year",
    "EUR bn/month": "billions of euros a month",
    "% of GDP": "per cent of gross domestic product",
    "points": "points of a game, no money behind them",
    "utils": "utility, up to an affine change",
    "ad valorem": "share of the value of the goods",
    "share": "share between 0 and 1",
    "ratio": "ratio to normal",
    "multiple": "how many times as large",
    "elasticity": "per cent by per cent",
    "probability": "chance",
    "factor": "factor by which a period counts less than the one before",
    "months": "months",
}
PAYOFF_UNITS = ("USD bn/month", "USD m/month", "USD bn/year", "EUR bn/month", "% of GDP", "points", "utils")
