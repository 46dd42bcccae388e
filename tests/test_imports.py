"""Who may import whom: downwards only, and never from feature to feature."""

import ast
from fnmatch import fnmatch
from pathlib import Path

import giphynavigator

ROOT = Path(giphynavigator.__file__).parent

# Top to bottom; a module may import what stands below it.
ORDER = (
    "__main__",
    "commands",
    "download_command",
    "db_command",
    "command_line",
    "doctor",
    "giphy_checks",
    "server_checks",
    "settings_checks",
    "findings",
    "main",
    "workers",
    "worker",
    "server",
    "connections",
    "application",
    "lifecycle",
    "middlewares",
    "problems",
    "handlers",
    "examples",
    "containers",
    "access",
    "sessions",
    "signing",
    "secrets_kept",
    "database",
    "columns",
    "engines",
    "outages",
    "replies",
    "ready",
    "clients",
    "tokens",
    "hosts",
    "services",
    "rendering",
    "assets",
    "policies",
    "forms",
    "browsers",
    "origins",
    "draining",
    "unforeseen",
    "gifs",
    "answers",
    "pages",
    "bounded",
    "recorder",
    "giphy",
    "giphy_shapes",
    "giphy_errors",
    "operations",
    "parameters",
    "moments",
    "bodies",
    "wording",
    "logs",
    "tracing",
    "settings",
    "media_origins",
    "places",
    "reaching",
    "shapes",
    "errors",
    "__init__",
)
BELOW_FEATURES = {
    "tracing",
    "moments",
    "media_origins",
    "outages",
    "answers",
    "replies",
    "columns",
    "bodies",
    "origins",
    "unforeseen",
    "wording",
    "assets",
    "browsers",
    "forms",
    "policies",
    "rendering",
    "database",
    "draining",
    "signing",
    "sessions",
    "shapes",
    "bounded",
    "reaching",
    "recorder",
    "pages",
    "gifs",
    "giphy",
    "giphy_shapes",
    "giphy_errors",
    "operations",
    "parameters",
    "settings",
    "errors",
    "__init__",
}

# All that root modules may import of features; those that are not named, nothing.
# A star is any feature: these two join them.
OF_FEATURES = {
    "application": {"*.handlers", "sandbox.own_media", "v1.refusals"},
    "containers": {
        "*.containers",
        "resilience.clients",
        "resilience.quota_shared",
        "resilience.shared",
    },
    "commands": {"sandbox.application"},
    "database": {"migrations", "migrations.steps"},
    "db_command": {"migrations", "polls.sample"},
    "download_command": {
        "downloads.finding",
        "downloads.folder",
        "downloads.progress",
    },
    "giphy_checks": {"sandbox.application"},
    "handlers": {"resilience.quota", "site.handlers"},
    "lifecycle": {"downloads.resolver", "sandbox.application"},
    "middlewares": {"resilience.clients"},
    "server_checks": {"resilience.redis_report"},
    "workers": {"metrics.workers"},
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


def test_a_root_module_imports_of_features_what_is_said_here_and_nothing_else() -> None:
    used: dict[str, set[str]] = {}
    for path in ROOT.glob("*.py"):
        for name in imported(path) - set(ORDER):
            said = OF_FEATURES.get(path.stem, set())
            patterns = {pattern for pattern in said if fnmatch(name, pattern)}
            assert patterns, f"{path.stem} imports {name}"
            used.setdefault(path.stem, set()).update(patterns)

    assert used == OF_FEATURES


def test_only_the_two_that_ask_servers_know_aiohttps_client_errors() -> None:
    knowing = {
        module_of(path)
        for path in ROOT.rglob("*.py")
        if "ClientError" in path.read_text(encoding="utf-8")
    }

    assert knowing == {"giphy", "downloads.wire"}
