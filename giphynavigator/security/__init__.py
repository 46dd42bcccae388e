"""Who asks, by which name, from which page, and what he may change."""
