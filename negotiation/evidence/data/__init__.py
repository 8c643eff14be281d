"""Shipment rows, totals, events, calendar."""
