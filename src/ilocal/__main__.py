"""`python -m ilocal`."""

from ilocal.cli import main

main()
