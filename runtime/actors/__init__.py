"""The machine: durable agents on threads.  It knows no sales word."""
