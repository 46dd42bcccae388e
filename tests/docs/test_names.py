"""Names in the documents are names of things that there are."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from giphynavigator.application import FEATURES
from giphynavigator.commands.main import main
from giphynavigator.settings import FileSettings
from tests.processes import REPOSITORY
from tests.test_imports import CORE

PACKAGE = REPOSITORY / "giphynavigator"
DOCUMENTS = (
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "docs/architecture.md",
    "docs/operating.md",
)
FOLDERS = "giphynavigator|tests|deploy|docs|benchmarks"


def read(document: str) -> str:
    return (REPOSITORY / document).read_text("utf-8")


def defined(folder: str) -> set[str]:
    """Names of every function and class below a folder."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {
        node.name
        for path in (REPOSITORY / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, kinds)
    }


TESTS = defined("tests")
OPERATING = read("docs/operating.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_is_there(document: str) -> None:
    named = set(re.findall(r"\btest_\w{12,}\b(?!\.py)", read(document)))

    assert named - TESTS == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_is_there(document: str) -> None:
    named = re.findall(rf"`((?:{FOLDERS})/[\w./@-]*)`", read(document))

    assert [path for path in named if not (REPOSITORY / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    here = (REPOSITORY / document).parent
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read(document))

    assert [link for link in links if not (here / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_is_named_is_there(document: str) -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", read(document)))
    inside = {path.name for path in PACKAGE.rglob("*.py")}

    for name in named:
        found = name in inside if "/" not in name else (PACKAGE / name).exists()
        assert found or (REPOSITORY / name).exists(), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_that_is_named_is_known(document: str) -> None:
    sections = FileSettings()
    known = "|".join(FileSettings.__struct_fields__)

    for section, key in re.findall(rf"`({known})\.(\w+)\b[^`(]*`", read(document)):
        if key not in {"py", "yml"}:
            assert hasattr(getattr(sections, section), key), f"{section}.{key}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_is_there(document: str) -> None:
    text = read(document)
    targets = re.findall(r"^([\w./]+):(?: |$)", read("Makefile"), re.MULTILINE)

    made = re.findall(r"(?m)(?:`|^    (?:.*&& )?)make ([\w./]*\w)", text)
    assert set(made) <= set(targets)
    assert set(re.findall(r"-m giphynavigator (\w+)", text)) <= set(main.commands)


def test_every_module_and_class_on_the_way_of_a_search_is_there() -> None:
    _, _, way = read("docs/architecture.md").partition("## The way of a search")
    named = re.findall(r"`([\w/]+\.py)`\s+`(\w+)`", way)

    assert len(named) >= 20
    for module, name in named:
        path = PACKAGE / module
        assert path.exists(), module
        tree = ast.parse(path.read_text("utf-8"))
        assert name in names_in(tree), f"{module} has no {name}"


def names_in(tree: ast.Module) -> set[str]:
    """What a module defines at its top."""
    names = {node.name for node in tree.body if hasattr(node, "name")}
    assigned = [node for node in tree.body if isinstance(node, ast.AnnAssign)]
    return names | {ast.unparse(node.target) for node in assigned}


def table(heading: str, column: int) -> set[str]:
    """The names in a column of the first table after some words."""
    _, _, after = read("docs/architecture.md").partition(heading)
    rows = re.findall(r"^\|.*\|$", after.partition("\n\n#")[0], re.MULTILINE)
    cells = [row.split("|")[column + 1] for row in rows]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_packages_are_all_on_the_page() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert table("no knowledge of the other", 0) == packages
    assert table("parts of the core,", 0) == CORE
    assert {name for name, _ in FEATURES} <= packages


def test_the_modules_of_the_core_are_all_on_the_page() -> None:
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}

    assert table("by what its modules are about:", 1) == modules


def test_every_alert_is_explained_and_as_urgent_as_it_says() -> None:
    alerts = yaml.safe_load(read("deploy/prometheus/alerts.yml"))["groups"][0]["rules"]
    rows = re.findall(r"^\| (\w+) \| (page|ticket): ", OPERATING, re.MULTILINE)

    assert rows == [(a["alert"], a["labels"]["severity"]) for a in alerts]


def test_every_file_of_the_deployment_has_its_place() -> None:
    named = OPERATING.partition("## How much")[0]
    shipped = [path for path in (REPOSITORY / "deploy").rglob("*") if path.is_file()]

    for path in shipped:
        whole = path.relative_to(REPOSITORY).as_posix()
        assert whole in named or f"{Path(whole).parent.as_posix()}/`" in named, whole
