"""The ways of teaching: the list of what is compared."""
