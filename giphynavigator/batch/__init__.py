"""Many searches in one request, answered as they finish."""
