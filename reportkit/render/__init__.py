"""Executed notebooks in, one HTML and one PDF out."""
