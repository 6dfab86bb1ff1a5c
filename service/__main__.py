"""`python -m service` is the same as `attendance-letters`."""

from service.cli import main

main()
