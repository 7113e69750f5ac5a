"""Run the command line as `python -m tilsyn`."""

from tilsyn.cli.app import main

if __name__ == "__main__":
    main()
