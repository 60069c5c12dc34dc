"""Imports on plain values: what may come in, which column is what, and what a row says."""
