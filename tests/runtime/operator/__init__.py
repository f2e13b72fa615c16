"""The operator's room, on real servers and real processes."""
