"""Polls: a team picks one, and watches the votes come in."""
