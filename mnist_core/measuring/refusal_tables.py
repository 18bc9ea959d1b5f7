"""Tables of what is refused as no digit, from the detector's card."""

from collections.abc import Callable

from mnist_core.checkpoints.card import RefusalRates, Refused
from mnist_core.checkpoints.detector_file import DetectorCard
from mnist_core.measuring.markdown import table
from mnist_core.measuring.refusal_rates import total

COLUMNS = ["left out of training", "committed detector"]


def refusal_table(card: DetectorCard) -> str:
    """What is refused as no digit of drawings left out of training, and by the committed detector."""
    rows = [[name, _share(of(card.left_out)), _share(of(card.rates))] for name, of in REFUSED.items()]
    return table(["drawings", *COLUMNS], rows)


REFUSED: dict[str, Callable[[RefusalRates], Refused]] = {
    "digits: MNIST's test images": lambda rates: rates.mnist,
    "digits: pendigits": lambda rates: rates.pens,
    "digits: UNIPEN": lambda rates: rates.unipen,
    "digits: the project's own": lambda rates: rates.handwritings,
    "upper-case letters": lambda rates: _total_of(rates.letters, str.isupper),
    "lower-case letters": lambda rates: _total_of(rates.letters, str.islower),
    "the letter A": lambda rates: rates.letters["A"],
    "symbols": lambda rates: total(rates.symbols.values()),
    "made-up kinds": lambda rates: total(rates.kinds.values()),
}


def _total_of(counts: dict[str, Refused], is_wanted: Callable[[str], bool]) -> Refused:
    return total(count for label, count in counts.items() if is_wanted(label))


def _share(count: Refused) -> str:
    return f"{count.refused / count.n:.2%} of {count.n:,}" if count.n else "–"


REFUSAL_NOTE = (
    "Share refused as no digit. Left out of training: five detectors, each trained, and its threshold "
    "chosen, without one of UNIPEN's five donors, a fifth of pendigits' writers and a fifth of the made-up "
    "kinds, are asked just those, MNIST's test images and the project's own digits; counted together. "
    "The committed detector learned from all donors, writers and kinds, so that only its figures of "
    "MNIST's test images, the project's own digits and new drawings of the made-up kinds are of what it "
    "has not seen. Letters and symbols that are drawn like a digit are neither learned nor counted; "
    "`mnist_core/training/characters.py` names them.\n"
)


def labels_table(card: DetectorCard) -> str:
    """What is refused of each letter, symbol and made-up kind, as Markdown."""
    rows = []
    for name in ("letters", "symbols", "kinds"):
        left_out, known = (getattr(rates, name) for rates in (card.left_out, card.rates))
        rows += [[_escaped(label), _share(left_out[label]), _share(known[label])] for label in known]
    return table(["drawn", *COLUMNS], rows)


def _escaped(label: str) -> str:
    """A label as Markdown shows it as it is."""
    return label if label.isalnum() else f"`{label}`"
