"""The command line's train, and what it refuses before it does anything."""

import pytest
from made import made_images

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.measuring.evaluation import score_on_training
from mnist_core.runs.recipes import RUNS
from mnist_core.training.run_training import train

RUN = RUNS["relu-50/published"]
COMMANDS = ["list", "summary", "fetch", "train", "evaluate", "predict", "results"]


@pytest.fixture
def trained(small):
    """The checkpoint that training on made images from five seeds leaves."""
    main(["train", RUN.id, "--seeds", "5", "6", "7", "8", "9"])
    return load_checkpoint(checkpoint_path(RUN, small))


def test_training_keeps_the_seed_with_the_median_accuracy(trained):
    timeline, card = trained
    by_accuracy = sorted(card.seeds, key=lambda result: result.test_accuracy)
    assert timeline.seed in {
        result.seed for result in card.seeds if result.test_accuracy == by_accuracy[2].test_accuracy
    }


def test_training_notes_every_seed(trained):
    assert [result.seed for result in trained[1].seeds] == [5, 6, 7, 8, 9]


def test_training_notes_what_the_kept_seed_came_to(trained):
    timeline, card = trained
    kept = next(result for result in card.seeds if result.seed == timeline.seed)
    untrained, *_, finished = card.scores
    assert (kept.untrained_accuracy, kept.test_accuracy) == (untrained.accuracy, finished.accuracy)


def test_training_notes_how_the_kept_seed_reads_what_it_learned_from(trained):
    timeline, card = trained
    kept = next(result for result in card.seeds if result.seed == timeline.seed)
    assert card.training_scores == score_on_training(timeline, made_images(60))
    assert kept.training_accuracy == card.training_scores[-1].accuracy


def test_training_notes_the_tutorials_time_beside_its_own(trained):
    assert (trained[1].tutorial_epoch_seconds, trained[1].epoch_seconds > 0) == (9.0, True)


def test_training_shows_its_progress_and_says_what_it_kept(small, capsys):
    assert main(["train", RUN.id, "--seeds", "5"]) == 0
    printed = capsys.readouterr()
    assert f"Kept seed 5, the median: {checkpoint_path(RUN, small)}" in printed.out
    assert all(word in printed.err for word in ("relu-50/published, seed 5", "3/3", "loss=", "accuracy="))


@pytest.fixture
def stopped(small, monkeypatch):
    """Training in which Ctrl-C is pressed after the first report."""

    def interrupted(*arguments, report, **options):
        def press_ctrl_c(progress):
            report(progress)
            raise KeyboardInterrupt

        return train(*arguments, report=press_ctrl_c, **options)

    monkeypatch.setattr("mnist_core.commands.train.train", interrupted)
    return small


def test_ctrl_c_ends_training_with_130_and_one_line(stopped, capsys):
    assert main(["train", RUN.id]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == (
        "Stopped; a checkpoint that was saved before stays, and no other was changed."
    )


def test_ctrl_c_leaves_no_file(stopped):
    main(["train", RUN.id])
    assert list(stopped.rglob("*")) == []


def test_ctrl_c_leaves_the_checkpoint_that_was_there(stopped):
    path = checkpoint_path(RUN, stopped)
    path.parent.mkdir()
    path.write_bytes(b"what was there")
    main(["train", RUN.id])
    assert (path.read_bytes(), list(path.parent.iterdir())) == (b"what was there", [path])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["teach"], "invalid choice: 'teach'"),
        (["summary"], "the following arguments are required: architecture"),
        (["train", RUN.id, "--seeds", "one"], "argument --seeds: invalid int value: 'one'"),
        (["train", RUN.id, "--device", "abacus"], "PyTorch cannot use the device 'abacus' here: "),
        (["evaluate", RUN.id, "--step", "last"], "argument --step: invalid int value: 'last'"),
        (["predict", RUN.id], "the following arguments are required: file"),
    ],
)
def test_arguments_that_make_no_command_are_refused_with_2(arguments, complaint, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert complaint in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_command(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert f"\n    {command} " in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m mnist_core {command} ")
