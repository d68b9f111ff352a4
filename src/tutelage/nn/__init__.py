"""Modules with weights and no opinion."""
