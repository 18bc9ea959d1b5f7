"""Every sentence a visitor reads. Names in {braces} are filled in where the sentence is used."""

from mnist_core.checkpoints import Card
from mnist_core.recipes import Run

TITLE = "Inkling"

TEXT = {
    "tagline": "Draw a digit, see what training changed.",
    "pad_heading": "Your drawing",
    "pad_label": "Drawing pad: draw a digit with mouse, finger or pen. Ctrl+Z takes back a stroke.",
    "pad_hint": "Draw a digit here",
    "undo": "Undo",
    "clear": "Clear",
    "examples": "or try one",
    "example_label": "Draw an example of the digit {digit}",
    "input_heading": "What the network sees",
    "input_caption": "Your drawing, cut out, centred and shrunk to 28 × 28 pixels.",
    "untrained_heading": "Before training",
    "trained_heading": "After training",
    "verdict_empty": "The pad is empty. Draw a digit from 0 to 9.",
    "verdict": "This looks like a {digit}.",
    "verdict_unsure": "Perhaps a {digit}.",
    "verdict_detail": "{trained} sure after training. Before, the same network said {before} ({untrained}).",
    "bars_note": "How sure the network is of each digit. The ten bars of a network add up to 100 %.",
    "samples_heading": "The same network on 30 other digits",
    "samples_untrained": "before training",
    "samples_trained": "after training",
    "samples_count": "{correct} of {total} right",
    "samples_loss": "loss {loss}",
    "samples_legend": "Under each digit: the answer before → after training.",
    "samples_mnist": "Test digits from MNIST, which no network was trained on.",
    "samples_handwritings": "MNIST is not here, so these are drawings that come with Inkling.",
    "samples_pending": "MNIST is being fetched; until then, these are drawings that come with Inkling.",
    "samples_others": "Show 30 others",
    "tile_label": "A {label}; before training read as {untrained}, {untrainedRight}; "
    "after training read as {prediction}, {predictionRight}.",
    "right": "right",
    "wrong": "wrong",
    "no_answer": "The server does not answer. Your drawing is kept; trying again …",
    "failed": "Something went wrong here. Your drawing is kept; the error has been logged.",
    "menu": "Network",
}


def describe_run(run: Run, card: Card) -> str:
    """The line of the menu that says what a network is."""
    sizes = " → ".join(map(str, run.architecture.sizes))
    return (
        f"{run.architecture.id} · {sizes} · {run.architecture.parameters:,} parameters · "
        f"reads {card.scores[-1].accuracy * 100:.2f} % right (tutorial: {run.recipe.published})"
    )
