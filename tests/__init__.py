"""The tests: the same tree again, and the fakes of the outside."""
