"""The site: the search page, and the static files of every page."""
