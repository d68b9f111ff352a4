"""The expensive models that surrogates replace."""
