"""What one run computes for a scenario, the prior from shipments included; no page in sight."""
