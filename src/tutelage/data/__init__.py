"""Examples before a model sees them: where they come from, how they are cut and batched."""
