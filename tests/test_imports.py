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
    "workers",
    "worker",
    "server",
    "application",
    "lifecycle",
    "middlewares",
    "handlers",
    "replies",
    "containers",
    "clients",
    "services",
    "draining",
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
    "draining",
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
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            folder = path.parents[node.level - 1] if node.level else None
            here = ".".join(folder.relative_to(ROOT.parent).parts) if folder else ""
            base = ".".join(filter(None, (here, node.module)))
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return {module_named(name) for name in names if name.split(".")[0] == ROOT.name}


def module_named(name: str) -> str:
    """The module that a dotted name is in: some names are not modules themselves."""
    parts = name.split(".")[1:]
    while parts and not exists(ROOT.joinpath(*parts)):
        parts.pop()
    return ".".join(parts) or "__init__"


def exists(module: Path) -> bool:
    return module.is_dir() or module.with_suffix(".py").is_file()


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
