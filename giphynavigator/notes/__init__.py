"""Notes: what people want to keep, with or without a GIF."""
