"""The results tables: made from the cards, and refused when they are stale."""

import os
from dataclasses import replace
from functools import partial

import pytest
from command_line import one_line_refusal
from made import made_card, made_detector_card, made_exports, made_timeline

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import Bin, Calibration, Fold, PenScores, Tally, checkpoint_path, load_cards
from mnist_core.checkpoints.checkpoint import save_checkpoint
from mnist_core.commands import measure
from mnist_core.detector.examples import LETTERS, SYMBOLS
from mnist_core.detector.made_up_drawings import KINDS
from mnist_core.measuring.exported_files import write_exports
from mnist_core.measuring.results import (
    BEGIN,
    END,
    calibration_table,
    controls_table,
    exports_line,
    exports_table,
    labels_table,
    not_a_digit_table,
    rendered_files,
    results_note,
    results_table,
    robust_table,
)
from mnist_core.runs.recipes import RUNS

CARDS = {run: made_card() for run in RUNS.values()}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a README and made checkpoints, which the command line takes for its own."""
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "docs").mkdir()
    for path in (tmp_path / "README.md", tmp_path / "docs" / "refusal.md"):
        path.write_text(f"# Before\n{BEGIN}old figures\n{END}after\n", encoding="utf-8")
    (tmp_path / "docs" / "export.md").write_text(f"# Export\n{BEGIN}{END}", encoding="utf-8")
    write_exports(made_exports(), tmp_path / "docs" / "export.json")
    for run in RUNS.values():
        save_checkpoint(made_timeline(run), made_card(), checkpoint_path(run, tmp_path / "checkpoints"))
    monkeypatch.setattr(measure, "load_cards", partial(load_cards, tmp_path / "checkpoints"))
    monkeypatch.setattr(measure, "load_detector_card", made_detector_card)
    monkeypatch.setattr(measure, "rendered_files", partial(rendered_files, project=tmp_path))
    return tmp_path


def cells(line):
    return [cell.strip() for cell in line.strip("|\n").split("|")]


def test_a_row_shows_the_cards_figures():
    run = RUNS["relu-50/published"]
    row = results_table({run: made_card(accuracies=(0.94, 0.95, 0.96))}).splitlines()[2]
    assert cells(row) == [
        *("`relu-50`", "39,760", "96.87 %"),
        *("10.00 ± 0.00 %", "95.00 ± 1.00 %", "95.00 %"),
        *("12 s", "4.5 ×"),  # 9.0 s of the tutorial's loop beside 2.0 s
    ]


def test_a_row_compares_the_recipes_on_mnist_and_on_pens():
    published = replace(made_card(accuracies=(0.94, 0.96)), pens=PenScores(200, 170, 50))
    folds = [Fold(["1"], 40, 39), Fold(["2"], 60, 57)]
    robust = replace(made_card(accuracies=(0.98, 0.98)), unseen_writers=folds)
    cards = {RUNS["relu-50/published"]: published, RUNS["relu-50/robust"]: robust}
    assert cells(robust_table(cards).splitlines()[2]) == [
        *("`relu-50`", "39,760", "95.00 ± 1.41 %", "98.00 ± 0.00 %"),
        *("25.0 %", "85.0 %", "96.00 %"),
    ]


def test_a_control_shows_what_it_learned_from_and_how_it_reads_both_kinds_of_images():
    run = RUNS["relu-50/shuffled-labels"]
    card = replace(made_card(accuracies=(0.09, 0.10, 0.11)), training_scores=[Tally(1_000, 990, 0.1)])
    assert cells(controls_table({run: card}).splitlines()[2]) == [
        *("`relu-50/shuffled-labels`", "1,000 images, labels shuffled"),
        *("99.00 ± 0.00 %", "10.00 ± 1.00 % of 10,000"),
    ]


def test_only_controls_are_in_their_table():
    rows = [cells(row)[0] for row in controls_table(CARDS).splitlines()[2:]]
    assert rows == ["`relu-50/100-images`", "`relu-50/shuffled-labels`"]


def test_the_table_has_a_row_for_every_run():
    rows = results_table(CARDS).splitlines()[2:]
    assert [cells(row)[0] for row in rows] == [f"`{run.architecture.id}`" for run in RUNS.values()]


def test_every_row_has_as_many_cells_as_the_heading():
    heading, *rows = results_table(CARDS).splitlines()
    assert {len(cells(row)) for row in rows} == {len(cells(heading))}


@pytest.mark.parametrize(
    "fact", ["10,000 MNIST test images", "seeds 0, 1, 2", "torch 2.13.0", "2 cores (made), 1 thread used"]
)
def test_the_note_says_what_the_figures_rest_on(fact):
    assert fact in results_note(CARDS)


def test_the_readme_keeps_everything_around_its_table(project):
    readme = rendered_files(CARDS, made_detector_card(), project)[project / "README.md"]
    assert readme.startswith(f"# Before\n{BEGIN}")
    assert readme.endswith(f"{END}after\n")


def test_the_readmes_old_figures_are_replaced(project):
    readme = rendered_files(CARDS, made_detector_card(), project)[project / "README.md"]
    assert (robust_table(CARDS) in readme, "old figures" in readme) == (True, False)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_checkpoints_page_lists_every_seed(project, run):
    page = rendered_files(CARDS, made_detector_card(), project)[project / "checkpoints" / "README.md"]
    rows = [
        cells(line)
        for line in page.split("## Every seed")[1].splitlines()
        if line.startswith(f"| `{run.id}` |")
    ]
    assert rows == [
        [f"`{run.id}`", str(seed), "10.00%", accuracy]
        for seed, accuracy in enumerate(["94.00%", "95.00%", "96.00%"])
    ]


def test_check_fails_when_a_table_is_stale(project, capsys):
    assert main(["results", "--check"]) == 2
    assert capsys.readouterr().err == (
        f"error: Stale results in {project / 'README.md'}, {project / 'docs' / 'refusal.md'}, "
        f"{project / 'docs' / 'export.md'}, {project / 'checkpoints' / 'README.md'}; "
        'run "python -m mnist_core results".\n'
    )


def test_check_changes_nothing(project):
    before = (project / "README.md").read_text(encoding="utf-8")
    main(["results", "--check"])
    assert (project / "README.md").read_text(encoding="utf-8") == before


def test_check_passes_when_the_tables_are_fresh(project):
    main(["results"])
    assert main(["results", "--check"]) == 0


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("README.md", "10,000 test images"),
        ("checkpoints/README.md", "10,000 test images"),
        ("docs/export.md", "10,000 "),
        ("docs/refusal.md", "0.55% of 10,000"),
    ],
)
def test_check_fails_when_one_figure_was_changed_by_hand(project, name, figure):
    main(["results"])
    path = project / name
    text = path.read_text(encoding="utf-8")
    assert figure in text
    path.write_text(text.replace(figure, "9,999"), encoding="utf-8")
    assert main(["results", "--check"]) == 2


def test_check_fails_when_a_checkpoint_was_made_anew(project):
    main(["results"])
    run = RUNS["relu-50/published"]
    card = made_card(accuracies=(0.95, 0.96, 0.97))
    save_checkpoint(made_timeline(run), card, checkpoint_path(run, project / "checkpoints"))
    assert main(["results", "--check"]) == 2


def test_results_names_the_files_that_it_wrote(project, capsys):
    main(["results"])
    names = ("README.md", "docs/refusal.md", "docs/export.md", "checkpoints/README.md")
    paths = [project / name for name in names]
    assert capsys.readouterr().out.splitlines() == [f"Wrote {path}" for path in paths]


def test_a_row_of_not_a_digit_shows_what_was_left_out_and_then_the_committed_detector():
    rows = [cells(line) for line in not_a_digit_table(made_detector_card()).splitlines()[2:]]
    assert rows[0] == ["digits: MNIST's test images", "0.55% of 10,000", "0.55% of 10,000"]
    upper = 100 * sum(letter.isupper() for letter in LETTERS)
    assert rows[4] == ["upper-case letters", f"95.00% of {upper:,}", f"99.00% of {upper:,}"]
    assert rows[6] == ["the letter A", "95.00% of 100", "99.00% of 100"]


def test_every_letter_symbol_and_kind_has_a_row():
    rows = [cells(line) for line in labels_table(made_detector_card()).splitlines()[2:]]
    assert [row[0].strip("`") for row in rows] == [*LETTERS, *SYMBOLS, *KINDS]
    assert {tuple(row[1:]) for row in rows} == {("95.00% of 100", "99.00% of 100")}


def test_a_run_that_was_not_measured_is_left_out_of_the_calibrations():
    run = RUNS["relu-50/published"]
    cards = CARDS | {run: replace(made_card(), calibration=Calibration([Bin(10, 0.9, 0.8)]))}
    assert [cells(line) for line in calibration_table(cards).splitlines()[2:]] == [[f"`{run.id}`", "10.00%"]]


def test_an_exported_run_shows_what_both_of_its_files_are_worth():
    assert cells(exports_table(made_exports()).splitlines()[2]) == [
        *("`relu-50/robust`", "1,000", "250", "25.0%", "0.010", "0.013"),
        *("98.00%", "97.95%", "0", "12"),
    ]


@pytest.mark.parametrize("fact", ["10,000 MNIST test images", "300 of MNIST's", "onnx 1.0", "made machine"])
def test_the_exports_note_says_what_the_figures_rest_on(fact):
    assert fact in exports_table(made_exports())


def test_the_readme_says_what_quantisation_costs_the_robust_runs_at_most():
    assert exports_line(made_exports()) == (
        "To take along, as ONNX: quantised to 8-bit integers, the 2 networks for real hands weigh 25% to 30% "
        "of their float32 files and read at most 0.07 points less of MNIST "
        "([docs/export.md](docs/export.md)).\n"
    )


def test_tables_that_cannot_be_written_leave_the_old_ones(project, monkeypatch, capsys):
    before = {path: path.read_bytes() for path in project.rglob("*.md")}
    monkeypatch.setattr(os, "replace", lambda *paths: (_ for _ in ()).throw(OSError("full")))
    line = one_line_refusal(capsys, "results")
    assert line.endswith("cannot be written (full); make room, then run the command again.")
    assert {path: path.read_bytes() for path in project.rglob("*.md")} == before


@pytest.mark.parametrize("content", [None, "", "[]", "{"], ids=repr)
def test_figures_of_exports_that_are_missing_or_damaged_are_refused(content, project, capsys):
    path = project / "docs" / "export.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert one_line_refusal(capsys, "results").startswith(f"{path} holds no figures of exported networks (")


@pytest.mark.parametrize("text", ["", BEGIN, END + BEGIN, BEGIN + END + END])
def test_a_page_without_the_marks_is_refused(text, project, capsys):
    (project / "README.md").write_text(text)
    line = one_line_refusal(capsys, "results")
    assert line.startswith(f"{project / 'README.md'} must hold <!-- results: begin --> and then <!-- ")
