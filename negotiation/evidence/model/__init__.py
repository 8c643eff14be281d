"""Hidden-state model: prior, filter, posterior, calibration."""
