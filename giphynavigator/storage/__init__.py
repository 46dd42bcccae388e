"""What lasts: the database, its two engines, and what its absence means."""
