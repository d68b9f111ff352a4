"""The record as a page that opens anywhere."""
