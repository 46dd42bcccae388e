"""Finds GIFs for a team while sparing its Giphy quota."""

__version__ = "0.1.0"
