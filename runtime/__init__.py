"""The ground floor: all that the three wings share."""
