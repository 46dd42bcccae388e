"""Who may import whom: downwards only, and never from feature to feature."""

import ast
from pathlib import Path

import giphynavigator

ROOT = Path(giphynavigator.__file__).parent

# Top to bottom; a module may import what stands below it.
ORDER = (
    "__main__",
    "commands",
    "doctor",
    "main",
    "server",
    "application",
    "lifecycle",
    "middlewares",
    "handlers",
    "replies",
    "containers",
    "clients",
    "services",
    "gifs",
    "answers",
    "pages",
    "bounded",
    "recorder",
    "giphy",
    "parameters",
    "logs",
    "settings",
    "shapes",
    "errors",
    "__init__",
)
BELOW_FEATURES = {
    "shapes",
    "bounded",
    "recorder",
    "pages",
    "gifs",
    "giphy",
    "parameters",
    "settings",
    "errors",
    "__init__",
}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(path: Path) -> set[str]:
    """Names of our own modules that a file imports, relative to the package."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "giphynavigator"
        ):
            base = (node.module or "").removeprefix("giphynavigator").strip(".")
            for alias in node.names:
                full = f"{base}.{alias.name}".strip(".")
                folder = ROOT / full.replace(".", "/")
                is_module = folder.with_suffix(".py").is_file() or folder.is_dir()
                names.add(full if is_module else base or "__init__")
    return names


def test_every_root_module_has_its_place_in_the_order() -> None:
    assert {path.stem for path in ROOT.glob("*.py")} == set(ORDER)


def test_a_root_module_imports_only_what_stands_below_it() -> None:
    for path in ROOT.glob("*.py"):
        own = ORDER.index(path.stem)
        for name in imported(path):
            if name in ORDER:
                assert ORDER.index(name) > own, f"{path.stem} imports {name}"


def test_a_feature_imports_nothing_of_the_root_container_or_another_feature() -> None:
    for path in ROOT.glob("*/**/*.py"):
        feature = path.relative_to(ROOT).parts[0]
        for name in imported(path):
            top = name.split(".")[0]
            allowed = top == feature or top in BELOW_FEATURES
            assert allowed, f"{module_of(path)} imports {name}"


def test_only_the_client_knows_aiohttps_client_errors() -> None:
    for path in ROOT.rglob("*.py"):
        if module_of(path) != "giphy":
            assert "ClientError" not in path.read_text(encoding="utf-8"), path
