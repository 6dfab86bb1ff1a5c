"""`python -m service` is the same as `attendance-letters`."""

import sys


def main() -> None:
    """Run a command; stopped while it is still being read in, it ends as it would later."""
    try:
        from service.commands.main import main as run_command

        run_command()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
