"""Files of one's own runs as the page saves them, made without it."""

from made import write_parts

from mnist_core.checkpoints.card import places_in_file


def card_of(timeline, number=1):
    """What the page writes of a training (engine/recording.js)."""
    architecture, recipe = timeline.run.architecture, timeline.run.recipe
    hidden = [vars(layer) for layer in architecture.hidden]
    return {
        "format": "inkling timeline 2",
        "run": f"{architecture.id}/own-{number}",
        "architecture": {"id": architecture.id, "hidden": hidden},
        "recipe": {
            **{"optimizer": "adam", "learning_rate": 0.01, "momentum": 0, "loss": "cross_entropy"},
            **{"batch_size": 32, "epochs": 2, "shuffled": True, "dropout": False, "published": ""},
            **{"input_range": list(recipe.input_range), "training_images": 1000},
            **{"shuffled_labels": False, "shuffled_share": 0, "left_out": [7]},
        },
        **{"seed": 5, "steps": list(timeline.steps), "images_seen": list(timeline.images_seen)},
        **{"scores": [], "training_scores": [], "epochs": []},
    }


def tensors_of(timeline):
    tensors = {}
    for snapshot, place in enumerate(places_in_file(len(timeline.steps))):
        for number, (weight, bias) in enumerate(zip(timeline.weights, timeline.biases, strict=True)):
            tensors[f"{place:02}.{number}.weight"] = weight[snapshot].clone()
            tensors[f"{place:02}.{number}.bias"] = bias[snapshot].clone()
    return tensors


def write_own(path, timeline, **changes):
    write_parts(path, tensors_of(timeline), {**card_of(timeline), **changes})
    return path
