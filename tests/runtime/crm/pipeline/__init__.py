"""The pipeline's rules and findings."""
