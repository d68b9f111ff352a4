"""MLflow as a view of the records: it can always be rebuilt from them, and nothing else stands on it."""
