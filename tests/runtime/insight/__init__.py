"""The tests of the tree of the same name."""
