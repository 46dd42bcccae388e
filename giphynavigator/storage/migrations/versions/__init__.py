"""One file for each step; its name begins with v and its number."""
