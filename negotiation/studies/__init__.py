"""Thousands of what-ifs: sweeps that can be killed at any moment, sensitivity, scenario discovery, phase diagrams.

A study is a list of points (each a list of changes of one scenario) × call outcomes × regimes. It is cut into chunks,
each a pure function of the study and the chunk's number, kept as one file: resuming, several processes, and a cluster
are then the same thing.
"""
