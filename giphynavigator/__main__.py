"""The command line: `python -m giphynavigator`."""

from giphynavigator.commands.main import main

if __name__ == "__main__":
    main()
