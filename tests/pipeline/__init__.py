"""The pipeline as a user runs it."""
