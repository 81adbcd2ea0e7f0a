"""`python -m ilocal`."""

from ilocal.cli.main import main

main()
