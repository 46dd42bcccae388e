"""Giphy's own read API, so that what was written for Giphy works here too."""
