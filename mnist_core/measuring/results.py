"""The results table: generated from the checkpoints' cards, and written where people read it."""

import statistics
from collections.abc import Callable, Iterable
from pathlib import Path

from mnist_core.checkpoints.card import Card
from mnist_core.detector.network import DetectorCard, NotADigit, NotADigitRates
from mnist_core.detector.train_detector import total
from mnist_core.errors import DataError
from mnist_core.measuring.exported_files import TIMED, Exports, read_exports
from mnist_core.runs.recipes import Run

PROJECT = Path(__file__).parents[2]
EXPORTS = Path("docs") / "export.json"  # in the project: what measure-exports found
BEGIN, END = "<!-- results: begin -->\n", "<!-- results: end -->\n"


NOT_A_DIGIT_COLUMNS = ["left out of training", "committed detector"]


def results_table(cards: dict[Run, Card]) -> str:
    """Accuracy and speed of the runs that have a tutorial, as Markdown."""
    columns = ["network", "parameters", "tutorial reports", "untrained", "trained, mean ± spread"]
    rows = [
        [
            f"`{run.architecture.id}`",
            f"{run.architecture.parameters:,}",
            run.recipe.published,
            _mean_and_spread([result.untrained_accuracy for result in card.seeds]),
            _mean_and_spread([result.test_accuracy for result in card.seeds]),
            f"{card.scores[-1].accuracy * 100:.2f} %",
            f"{card.training_seconds:.0f} s",
            f"{card.tutorial_epoch_seconds / card.epoch_seconds:.1f} ×",
        ]
        for run, card in cards.items()
        if card.tutorial_epoch_seconds is not None
    ]
    return table([*columns, "committed", "training", "faster than the tutorial's loop"], rows)


def robust_table(cards: dict[Run, Card]) -> str:
    """What preprocessing and the robust recipe are worth, on MNIST and on pen drawings, as Markdown."""
    columns = [
        "network",
        "parameters",
        "MNIST, as published",
        "MNIST, for real hands",
        "pens merely shrunk, as published",
        "pens made like MNIST, as published",
        "pens of unseen writers, for real hands",
    ]
    rows = []
    by_id = {run.id: card for run, card in cards.items()}
    for run, published in cards.items():
        robust = by_id.get(f"{run.architecture.id}/robust")
        if not run.recipe.published or not robust or not published.pens or not robust.unseen_writers:
            continue
        pens, folds = published.pens, robust.unseen_writers
        rows.append(
            [
                f"`{run.architecture.id}`",
                f"{run.architecture.parameters:,}",
                _mean_and_spread([result.test_accuracy for result in published.seeds]),
                _mean_and_spread([result.test_accuracy for result in robust.seeds]),
                f"{pens.shrunk_correct / pens.n * 100:.1f} %",
                f"{pens.correct / pens.n * 100:.1f} %",
                f"{sum(fold.correct for fold in folds) / sum(fold.n for fold in folds) * 100:.2f} %",
            ]
        )
    return table(columns, rows)


def robust_note(cards: dict[Run, Card]) -> str:
    """What the figures on pen drawings mean."""
    n = next((card.pens.n for card in cards.values() if card.pens), 0)
    seeds = ", ".join(str(result.seed) for result in next(iter(cards.values())).seeds)
    return (
        f"MNIST: accuracy on all 10,000 test images, mean ± standard deviation over the seeds {seeds}. Pens: "
        f'{n:,} drawings by 30 writers (pendigits). "Merely shrunk" is the pad at 28 × 28 pixels without any '
        "preprocessing. No published network ever saw a pen drawing; each robust figure is of networks, seed "
        "0, trained without the writers whose drawings they read, and of an earlier ink, drawn with another "
        "brush: all robust runs learned from that one.\n"
    )


def robust_training_table(cards: dict[Run, Card]) -> str:
    """The committed robust runs and what their training took, as Markdown."""
    rows = [
        [
            f"`{run.architecture.id}`",
            f"{card.scores[-1].accuracy * 100:.2f} %",
            f"{card.training_seconds:.0f} s",
            f"{card.augmentation_seconds:.0f} s",
        ]
        for run, card in cards.items()
        if run.recipe.augmentation
    ]
    return table(["network", "committed", "training", "making the images"], rows)


def controls_table(cards: dict[Run, Card]) -> str:
    """How the controls read the images that they learned from, and the test images, as Markdown."""
    rows = []
    for run, card in cards.items():
        if not run.recipe.is_control:
            continue
        labels = ", labels shuffled" if run.recipe.shuffled_labels else ""
        learned = [result.training_accuracy for result in card.seeds if result.training_accuracy is not None]
        read = [result.test_accuracy for result in card.seeds]
        rows.append(
            [
                f"`{run.id}`",
                f"{card.training_scores[-1].n:,} images{labels}",
                _mean_and_spread(learned),
                f"{_mean_and_spread(read)} of {card.scores[-1].n:,}",
            ]
        )
    return table(["control", "learned from", "of these read right", "test images read right"], rows, words=2)


CONTROLS_NOTE = (
    "Controls are trained like `published` but on less, to show what comes of it: both learn their images by "
    "heart; what a hundred images teach carries over to others in part, what shuffled labels teach does not. "
    "Mean ± standard deviation over the same seeds; guessing reads 10 % right.\n"
)


def calibration_table(cards: dict[Run, Card]) -> str:
    """How well each measured run is calibrated, as Markdown."""
    rows = [
        [f"`{run.id}`", f"{card.calibration.expected_error:.2%}"]
        for run, card in cards.items()
        if card.calibration
    ]
    return table(["run", "calibration error"], rows)


def _mean_and_spread(accuracies: list[float]) -> str:
    """In percent; one seed has no spread."""
    spread = f" ± {statistics.stdev(accuracies) * 100:.2f}" if len(accuracies) > 1 else ""
    return f"{statistics.mean(accuracies) * 100:.2f}{spread} %"


def results_note(cards: dict[Run, Card]) -> str:
    """What the table's figures mean: how many images, how many seeds, which machine."""
    card = next(iter(cards.values()))
    seeds = ", ".join(str(result.seed) for result in card.seeds)
    return (
        f"Accuracy on all {card.scores[-1].n:,} MNIST test images; ± is the standard deviation over the "
        f"seeds {seeds}. Committed is the seed with the median accuracy. Training time is that seed's whole "
        "training without measuring; the last column compares one epoch's steps with the tutorials' own loop "
        "(DataLoader and ToTensor), medians of runs in turn. "
        f"Made with torch {card.versions['torch']} on {card.machine}.\n"
    )


def not_a_digit_table(card: DetectorCard) -> str:
    """What is refused as no digit of drawings left out of training, and by the committed detector."""
    rows = [
        [name, _share(of(card.left_out)), _share(of(card.rates))] for name, of in NOT_A_DIGIT_ROWS.items()
    ]
    return table(["drawings", *NOT_A_DIGIT_COLUMNS], rows)


NOT_A_DIGIT_ROWS: dict[str, Callable[[NotADigitRates], NotADigit]] = {
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


def _total_of(counts: dict[str, NotADigit], is_wanted: Callable[[str], bool]) -> NotADigit:
    return total(count for label, count in counts.items() if is_wanted(label))


def _share(count: NotADigit) -> str:
    return f"{count.refused / count.n:.2%} of {count.n:,}" if count.n else "–"


NOT_A_DIGIT_NOTE = (
    "Share refused as no digit. Left out of training: five detectors, each trained, and its threshold "
    "chosen, without one of UNIPEN's five donors, a fifth of pendigits' writers and a fifth of the made-up "
    "kinds, are asked just those, MNIST's test images and the project's own digits; counted together. "
    "The committed detector learned from all donors, writers and kinds, so that only its figures of "
    "MNIST's test images, the project's own digits and new drawings of the made-up kinds are of what it "
    "has not seen. Letters and symbols that are drawn like a digit are neither learned nor counted; "
    "`mnist_core/detector/examples.py` names them.\n"
)


def labels_table(card: DetectorCard) -> str:
    """What is refused of each letter, symbol and made-up kind, as Markdown."""
    rows = []
    for name in ("letters", "symbols", "kinds"):
        left_out, known = (getattr(rates, name) for rates in (card.left_out, card.rates))
        rows += [[_escaped(label), _share(left_out[label]), _share(known[label])] for label in known]
    return table(["drawn", *NOT_A_DIGIT_COLUMNS], rows)


def _escaped(label: str) -> str:
    """A label as Markdown shows it as it is."""
    return label if label.isalnum() else f"`{label}`"


def exports_table(exports: Exports) -> str:
    """Size, speed and accuracy of every run's two files, as Markdown, with a note on the figures."""
    columns = [
        "run",
        "bytes, float32",
        "bytes, int8",
        "int8 of float32",
        "ms an image, float32",
        "ms, int8",
        "MNIST, float32",
        "MNIST, int8",
        "answers changed, float32",
        "answers changed, int8",
    ]
    rows = []
    for run_id, files in exports.runs.items():
        exact, small = files["float32"], files["int8"]
        rows.append(
            [
                f"`{run_id}`",
                f"{exact.bytes:,}",
                f"{small.bytes:,}",
                f"{small.bytes / exact.bytes:.1%}",
                f"{exact.milliseconds:.3f}",
                f"{small.milliseconds:.3f}",
                f"{exact.correct / exports.n:.2%}",
                f"{small.correct / exports.n:.2%}",
                f"{exact.changed}",
                f"{small.changed}",
            ]
        )
    versions = ", ".join(f"{name} {version}" for name, version in exports.versions.items())
    note = (
        f"Accuracy and changed answers on all {exports.n:,} MNIST test images; changed is what a file reads "
        "otherwise than the checkpoint does in double precision. Milliseconds: median of "
        f"{TIMED:,} images, one at a time. Quantisation saw {exports.calibration_images:,} of MNIST's "
        f"training images. Measured with {versions} on {exports.machine}.\n"
    )
    return f"{table(columns, rows)}\n{note}"


def exports_line(exports: Exports) -> str:
    """One sentence on what quantisation costs the robust runs."""
    files = [files for run_id, files in exports.runs.items() if run_id.endswith("/robust")]
    shares = [each["int8"].bytes / each["float32"].bytes for each in files]
    lost = max(each["float32"].correct - each["int8"].correct for each in files) / exports.n * 100
    return (
        f"To take along, as ONNX: quantised to 8-bit integers, the {len(files)} networks for real hands "
        f"weigh {min(shares):.0%} to {max(shares):.0%} of their float32 files and read at most {lost:.2f} "
        "points less of MNIST ([docs/export.md](docs/export.md)).\n"
    )


def rendered_files(
    cards: dict[Run, Card], detector: DetectorCard, project: Path = PROJECT
) -> dict[Path, str]:
    """Every file that shows results, with the content it should have."""
    section = f"{robust_table(cards)}\n{robust_note(cards)}\n{controls_table(cards)}\n{CONTROLS_NOTE}"
    exports = read_exports(project / EXPORTS)
    refusals = f"{not_a_digit_table(detector)}\n{NOT_A_DIGIT_NOTE}"
    seeds = [
        [f"`{run.id}`", str(result.seed), f"{result.untrained_accuracy:.2%}", f"{result.test_accuracy:.2%}"]
        for run, card in cards.items()
        for result in card.seeds
    ]
    checkpoints = (
        "# Checkpoints\n\n"
        "Each file holds a run's timeline: the weights, in half precision, at step 0 and at about 20 later "
        "steps, and a card with every figure below. Made by `python -m mnist_core train RUN`; this page by "
        "`python -m mnist_core results`.\n\n"
        f"{section}\n## As published\n\n{results_table(cards)}\n{results_note(cards)}\n"
        f"## For real hands\n\n{robust_training_table(cards)}\n"
        "The augmented images, and what a teacher says of them, are made once for all networks that "
        "learn from the same; both were timed beside other work.\n\n"
        f"## Every seed\n\n{table(['network', 'seed', 'untrained', 'trained'], seeds)}\n"
        "## What is no digit\n\n"
        "What the detector refuses, whichever run reads; `python -m mnist_core detector` measures it. What "
        f"the columns mean is in [docs/refusal.md](../docs/refusal.md).\n\n{labels_table(detector)}\n"
        "## Calibration\n\nThe expected calibration error, in 15 bins of confidence, on MNIST's test "
        f"images; measured by `python -m mnist_core measure RUN`.\n\n{calibration_table(cards)}"
    )
    generated = {
        project / "README.md": f"{section}\n{refusals}\n{exports_line(exports)}",
        project / "docs" / "refusal.md": refusals,
        project / "docs" / "export.md": exports_table(exports),
    }
    return {
        **{path: _between_marks(path, content) for path, content in generated.items()},
        project / "checkpoints" / "README.md": checkpoints,
    }


def _between_marks(path: Path, content: str) -> str:
    """A file's text with this content in the place that is marked for it."""
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise DataError(f"{path} must hold {BEGIN.strip()} and then {END.strip()}, once each; restore it.")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n{content}\n{END}{after}"


def table(columns: list[str], rows: Iterable[list[str]], *, words: int = 1) -> str:
    """A table: its first columns, as many as `words`, hold words, the others figures, to the right."""
    rule = "|---" * words + "|--:" * (len(columns) - words) + "|"
    lines = [f"| {' | '.join(columns)} |", rule, *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"
