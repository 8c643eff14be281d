"""Forecast, baselines, backtest, event study."""
