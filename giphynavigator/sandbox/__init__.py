"""A stand-in Giphy that answers like the real one, and fails like it on demand."""
