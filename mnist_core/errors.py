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
