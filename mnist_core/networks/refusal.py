"""What is no digit: the score of an image under a run, and the threshold below which it is refused."""

from torch import Tensor

from mnist_core.networks.detector import Detector, detect


def score(logits: Tensor | None, detections: Tensor) -> Tensor:
    """How much images look like digits: how probably each is one, times how probably it is the predicted one.

    Args:
        logits: of a run's last snapshot, shape (batch, 10); None leaves out the second factor.
        detections: of the same images by `detect`, shape (batch,).

    Returns:
        Shape (batch,), 0..1.
    """
    return detections if logits is None else detections * logits.softmax(-1).amax(-1)


def judge(
    threshold: float | None, detector: Detector, logits: Tensor, images: Tensor
) -> tuple[Tensor, Tensor]:
    """Whether a run refuses images as no digits.

    Args:
        threshold: of the run, from its card; without one the detector alone judges, by its own.
        detector: from `load_detector`.
        logits: of the run's last snapshot for the images, shape (batch, 10).
        images: ink, shape (batch, 28, 28), 0 (paper) to 1 (full ink).

    Returns:
        The scores, 0..1, and whether each image is refused; both of shape (batch,).
    """
    detections = detect(detector.network, images)
    if threshold is None:
        return detections, detections < detector.threshold
    scores = score(logits.double(), detections)
    return scores, scores < threshold
