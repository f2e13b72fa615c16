"""The dashboard, as people use it in a browser."""
