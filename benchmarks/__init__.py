"""Benchmarks: what the house does in a second, beside plain RQ on the same machine, in one run."""
