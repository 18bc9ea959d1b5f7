"""The README is true: its commands are the ones that CI runs, its tables are generated."""

from app_server import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_the_readme_s_test_command() -> None:
    command = README.split("Test it:")[1].split("```sh\n")[1].split("\n")[0]
    assert command in (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_readme_shows_the_example_as_it_is() -> None:
    example = (PROJECT / "examples" / "mission.py").read_text(encoding="utf-8")
    assert f"```python\n{example}```\n" in README
