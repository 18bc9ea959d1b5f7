"""The command line: python -m mnist_core COMMAND; --help lists the commands."""

import sys

import torch

from mnist_core.commands.parser import build_parser
from mnist_core.errors import InklingError


def main(argv: list[str] | None = None) -> int:
    """Run one command; 2 is the exit code of everything that was asked wrongly."""
    torch.set_num_threads(1)  # at these sizes one thread beats two
    arguments = build_parser().parse_args(argv)
    try:
        arguments.action(arguments)
    except InklingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "\nStopped; a checkpoint that was saved before stays, and no other was changed.", file=sys.stderr
        )
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
