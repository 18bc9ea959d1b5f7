"""The command line: python -m mnist_core COMMAND; --help lists the commands."""

import io
import sys

import torch

from mnist_core.commands.output import close_output
from mnist_core.commands.parser import build_parser
from mnist_core.errors import InklingError, one_line, sentence_of


def main(argv: list[str] | None = None) -> int:
    """Run one command; exit code 2 means wrong arguments or input, or a file that cannot be written."""
    torch.set_num_threads(1)  # at these sizes one thread beats two
    arguments = build_parser().parse_args(argv)
    try:
        arguments.action(arguments)
        print(end="", flush=True)
    except InklingError as error:
        print(f"error: {one_line(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of the output has ended, as in "list | head"
        return 1
    except OSError as error:
        print(f"error: {sentence_of(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "\nStopped; a checkpoint that was saved before stays, and no other was changed.", file=sys.stderr
        )
        return 130
    return 0


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for characters that the terminal cannot show
    code = main()
    close_output()
    sys.exit(code)
