"""Media to files: found, fetched whole or not at all, and listed in a manifest."""
