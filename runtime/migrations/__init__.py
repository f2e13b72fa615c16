"""Migrations: how the tables came to be, one numbered step after the other, run as the owner."""
