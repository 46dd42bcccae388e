"""The command line: `python -m giphynavigator`."""

from giphynavigator.commands import main

if __name__ == "__main__":
    main()
