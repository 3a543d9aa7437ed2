"""`python -m wiredesk`."""

from wiredesk.cli import main

main()
