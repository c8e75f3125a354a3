"""The one error that a user of the training programs can meet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence


class TrainingError(Exception):
    """A problem that the user can solve: a stable `code`, what happened, and what to do about it."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(f"{code}: {message} {advice}")
        self.code = code
        self.message = message
        self.advice = advice


def run_program(main: Callable[[Sequence[str] | None], int]) -> None:
    """Run a `main(argv)` as a program: user errors become one line and exit code 1, Ctrl-C becomes 130."""
    try:
        code = main(None)
    except TrainingError as error:
        print(str(error), file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("Interrupted: at most the running epoch is lost; go on with --resume.", file=sys.stderr)
        code = 130
    sys.exit(code)
