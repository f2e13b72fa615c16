"""What is found out of texts."""
