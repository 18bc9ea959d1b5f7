"""Every sentence a visitor reads. Names in {braces} are filled in where the sentence is used."""

from mnist_core.cards import Card
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
    "verdict_refused": "This does not look like a digit.",
    "verdict_if": "If it had to be one, the network would say {digit} ({trained}).",
    "verdict_unsure": "Perhaps a {digit}.",
    "verdict_detail": "{trained} sure after training. Before, the same network said {before} ({untrained}).",
    "between_heading": "After {images} images",
    "verdict_between": "{trained} sure after {images} images. Before any, it said {before} ({untrained}).",
    "timeline_heading": "Training",
    "timeline_play": "▶ Play",
    "timeline_stop": "■ Stop",
    "timeline_label": "{images} images seen, step {step}: {accuracy} of 10,000 test digits read right",
    "bars_note": "How sure the network is of each digit. The ten bars of a network add up to 100 %.",
    "learning_heading": "When did it learn your digit?",
    "learning_note": "One line for each digit: how sure the network was of it, for the drawing on the pad, "
    "as training went on. Look for answers that come and go before the last one stays.",
    "learning_empty": "The pad is empty. Draw a digit to see when the network learned it.",
    "learning_settled": "The answer has been {digit} since {images} images (dashed line).",
    "learning_answers": "The answer at each snapshot, from untrained to trained",
    "history_heading": "How the training went",
    "history_note": "Measured on the 10,000 test images, which the network never learned from. Look at how "
    "much is learned from the first few hundred images, and how little from the last hundred thousand.",
    "history_accuracy": "Share of test digits read right",
    "history_loss": "Loss: how surprised the network is by the right answer",
    "history_accuracy_label": "Test accuracy over training: from {first} to {last}.",
    "history_loss_label": "Test loss over training: from {first} to {last}.",
    "history_epochs": "After each pass through the training images",
    "history_epoch": "Pass",
    "history_training_loss": "Training loss",
    "history_training_accuracy": "Training right",
    "history_test_loss": "Test loss",
    "history_test_accuracy": "Test right",
    "confusion_heading": "Which digits does it mix up?",
    "confusion_note": "All 10,000 test digits: the row is what a digit is, the column what the network read. "
    "Right answers lie on the diagonal. Look for the pairs that stay hard to tell apart.",
    "layers_heading": "How is the network built?",
    "layers_note": "Its layers, from the 28 × 28 pixels to the ten answers, as the tutorials print them. "
    "Look at where the parameters are, the numbers that training changes.",
    "link_copy": "Copy link",
    "link_title": "A link that opens the page as it is now: network, drawing, moment in training, open views",
    "link_copied": "Copied ✓",
    "link_in_bar": "See address bar",
    "link_bad": "That link could not be read, so this is the plain page. Draw a digit from 0 to 9.",
    "chart_axis": "training images seen",
    "samples_heading": "The same network on 30 other digits",
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
    "model_menu": "Network",
    "recipe_menu": "Trained",
}

RECIPES = {"robust": "for real hands", "published": "as published"}


def describe_network(published: Run, card: Card) -> str:
    """The line of the menu that says what a network is, and what its tutorial's recipe makes of it."""
    architecture = published.architecture
    sizes = " → ".join(map(str, architecture.sizes))
    return (
        f"{architecture.id} · {sizes} · {architecture.parameters:,} parameters · "
        f"tutorial {published.recipe.published}, rebuilt {card.scores[-1].accuracy * 100:.2f} %"
    )
