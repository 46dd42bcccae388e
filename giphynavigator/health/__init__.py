"""Whether the service runs, and whether it is worth asking."""
