"""What every handler has in common: reading what is asked, putting answers."""
