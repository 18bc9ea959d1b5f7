"""Every error that is raised on purpose: what is wrong, what was given, what to do."""


class InklingError(Exception):
    """Base of all errors whose text is meant for the person who caused them."""


class DrawingError(InklingError):
    """Strokes that are no drawing: none, too many, out of range, not numbers, or no valid file of them."""


class PictureError(InklingError):
    """A picture that cannot be read as a digit: no picture at all, too large, or without ink."""


class UnknownNameError(InklingError):
    """A run, an architecture or a step that does not exist."""


class DataError(InklingError):
    """MNIST is missing, damaged, or not MNIST."""


class CheckpointError(InklingError):
    """A checkpoint file is missing, damaged, or not what its card says."""


class ExportError(InklingError):
    """A network that cannot be exported: packages are missing, or the file's name or folder is wrong."""


class OutputError(InklingError):
    """A file that cannot be written."""


class SettingsError(InklingError):
    """An environment variable with a value that it cannot have."""


def one_line(text: str) -> str:
    """A text without its line ends: paths and the messages of libraries may hold some."""
    return " ".join(text.splitlines())


def sentence_of(error: OSError) -> str:
    """One line about an error that no command expects, of a file or of standard output."""
    reason = error.strerror or error
    if error.filename is None:
        return one_line(f"Reading or writing failed ({reason}); what was printed may be incomplete.")
    return one_line(f"{error.filename} cannot be used ({reason}); make it readable, or give another.")


def brief(value: object) -> str:
    """What the text of an error shows of a value that was given: at most 60 characters."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, or lists in lists in lists
        text = f"a {type(value).__name__} too large to show"
    return text if len(text) <= 60 else f"{text[:57]}..."
