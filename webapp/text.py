"""Every sentence a visitor reads. Names in {braces} are filled in where the sentence is used."""

from mnist_core.architectures import Architecture
from mnist_core.checkpoints import Head
from mnist_core.recipes import RUNS

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
    "input_sample": "The sample as it is, 28 × 28 pixels.",
    "sample_heading": "A sample, labelled {label}",
    "sample_hint": "Draw to put it away",
    "untrained_heading": "Before training",
    "trained_heading": "After training",
    "verdict_empty": "The pad is empty. Draw a digit from 0 to 9.",
    "verdict": "This looks like a {digit}.",
    "verdict_refused": "This does not look like a digit.",
    "verdict_if": "If it had to be one, the network would say {digit} ({trained}).",
    "verdict_unsure": "Perhaps a {digit}.",
    "verdict_right": "Right.",
    "verdict_wrong": "Wrong.",
    "verdict_detail": "{trained} sure after training. Before, the same network said {before} ({untrained}).",
    "between_heading": "After {images} images",
    "verdict_before": "{trained} sure before any training.",
    "verdict_between": "{trained} sure after {images} images. Before any, it said {before} ({untrained}).",
    "timeline_heading": "Training",
    "timeline_play": "▶ Play",
    "timeline_stop": "■ Stop",
    "timeline_label": "{images} images seen, step {step}: {accuracy} of 10,000 test digits read right",
    "bars_note": "How sure a network is of each digit. Ten bars add up to 100 %.",
    "luck_band": "20 other untrained networks: {low} to {high}",
    "luck_note": "An untrained network's favourites are luck: 20 others say {low} to {high} (grey marks); "
    "only their average is about 10 % each.",
    "learning_heading": "When did it learn your digit?",
    "learning_note": "One line for each digit: how sure the network was of it, for the drawing on the pad, "
    "as training went on. Look for answers that come and go before the last one stays.",
    "learning_empty": "The pad is empty. Draw a digit to see when the network learned it.",
    "learning_settled": "The answer has been {digit} since {images} images (dashed line).",
    "learning_answers": "The answer at each snapshot, from untrained to trained",
    "given_heading": "What is the network given?",
    "given_note": "The same drawing, merely shrunk, and made like the images the network learned from. "
    "Draw a small digit in a corner: untrained, both are misread; trained, often the shrunk one alone.",
    "given_empty": "The pad is empty. Draw a digit to see what the network is given.",
    "given_line": "{moment}: merely shrunk, it is read as {shrunk} ({shrunkSure}); "
    "made like MNIST, as {made} ({madeSure}).",
    "given_shrunk": "The pad merely shrunk to 28 × 28 pixels",
    "given_made": "Made like MNIST's images",
    "given_stages": "How a drawing is made like MNIST's images",
    "given_stage_drawing": "1. The drawing on the pad.",
    "given_stage_box": "2. The box around the pen's path is cut out.",
    "given_stage_fitted": "3. It is fitted into 20 pixels, the path drawn as wide as MNIST's pens.",
    "given_stage_centred": "4. It is moved in 28 pixels until its centre of mass lies in the marked one.",
    "given_one_by_one": "Show them one after the other",
    "given_next": "Next",
    "history_heading": "How the training went",
    "history_note": "Look at how much the first few hundred images teach, and at where the two lines part: "
    "what only the dashed line gains, the network learns by heart.",
    "history_test": "10,000 test images",
    "history_training": "{n} training images",
    "history_accuracy": "Share of images read right",
    "history_loss": "Loss: how surprised the network is by the right answer",
    "history_accuracy_label": "Accuracy over training: {lines}.",
    "history_loss_label": "Loss over training: {lines}.",
    "history_line": "from {first} to {last} on {images}",
    "history_epochs": "After passes through the training images",
    "history_epoch": "Pass",
    "history_training_loss": "Training loss",
    "history_training_accuracy": "Training right",
    "history_test_loss": "Test loss",
    "history_test_accuracy": "Test right",
    "confusion_heading": "Which digits does it mix up?",
    "confusion_note": "All 10,000 test digits: the row is what a digit is, the column what the network read. "
    "Right answers lie on the diagonal. Look for the pairs that stay hard to tell apart.",
    "cell_pick": "Press a number to see the test digits behind it.",
    "cell_label": "{count} labelled {label}, read as {prediction}",
    "cell_none": "Labelled {label}, read as {prediction}: none of the 10,000 test digits.",
    "cell_all": "Labelled {label}, read as {prediction}: {total} of the 10,000 test digits. "
    "Press one to lay it on the pad.",
    "cell_some": "Labelled {label}, read as {prediction}: {total} of the 10,000 test digits; "
    "here are {shown}. Press one to lay it on the pad.",
    "cell_images": "The test digits behind a number",
    "cell_tile_label": "Test digit {number}, labelled {label}, read as {prediction}",
    "cell_handwritings": "MNIST is not here, so its test digits cannot be shown.",
    "cell_pending": "MNIST is being fetched; press the number again in a while.",
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
    "samples_legend": "Under each digit: the answer before → after training. Press one to lay it on the pad.",
    "samples_mnist": "Test digits from MNIST, which no network was trained on.",
    "samples_handwritings": "MNIST is not here, so these are drawings that come with Inkling.",
    "samples_pending": "MNIST is being fetched; until then, these are drawings that come with Inkling.",
    "samples_others": "Show 30 others",
    "tile_label": "A {label}; before training read as {untrained}, {untrainedRight}; "
    "after training read as {prediction}, {predictionRight}.",
    "right": "right",
    "wrong": "wrong",
    "no_answer": "The server does not answer. Your drawing is kept; trying again …",
    "view_waits": "The server does not answer; trying again …",
    "failed": "Something went wrong here. Your drawing is kept; the error has been logged.",
    "about_100-images": "A control: trained on {n} images only, the network ends up reading {learned} of "
    "them right, but just {test} of the 10,000 test digits.",
    "about_shuffled-labels": "A control: trained on {n} images with shuffled labels, the network ends up "
    "knowing {learned} of them by heart, yet reads {test} of the 10,000 test digits right, as many as by "
    "guessing.",
    "model_menu": "Network",
    "recipe_menu": "Trained",
}

RECIPES = {
    "robust": "for real hands",
    "published": "as published",
    "100-images": "on 100 images",
    "shuffled-labels": "labels shuffled",
}


def describe_network(architecture: Architecture, published: Head | None) -> str:
    """The line of the menu that says what a network is, and what its tutorial's recipe makes of it.

    `published`: of the run that its tutorial published, if it can be shown.
    """
    sizes = " → ".join(map(str, architecture.sizes))
    line = f"{architecture.id} · {sizes} · {architecture.parameters:,} parameters"
    if not published:
        return line
    said = RUNS[f"{architecture.id}/published"].recipe.published
    return f"{line} · tutorial {said}, rebuilt {published.card.scores[-1].accuracy * 100:.2f} %"
