"""The process, or several, that listen, and their gentle end."""
