"""Where `adev runserver giphynavigator/` looks for an application."""

from giphynavigator.application import create_app

__all__ = ["create_app"]
