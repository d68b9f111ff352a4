"""Tests of the ways of teaching."""
