"""`ilocal` and `python -m ilocal`."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Until the program is imported, Ctrl-C ends it at once, without a traceback; `main` then has it as an exception.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from ilocal.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
