"""Tests of the report, on records made by hand."""
