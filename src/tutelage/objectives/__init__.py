"""Pure formulas: tensors in, one value per example out."""
