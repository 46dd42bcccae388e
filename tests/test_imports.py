"""Who may import whom: downwards only, and never from feature to feature."""

import ast
from fnmatch import fnmatch
from pathlib import Path

import giphynavigator

ROOT = Path(giphynavigator.__file__).parent

# Top to bottom; a module may import what stands below it.
ORDER = (
    "__main__",
    "commands.main",
    "commands.download",
    "commands.db",
    "commands.running",
    "commands.doctor",
    "commands.giphy_checks",
    "commands.server_checks",
    "commands.settings_checks",
    "commands.findings",
    "main",
    "serving.workers",
    "serving.worker",
    "serving.server",
    "serving.connections",
    "serving.memory",
    "application",
    "lifecycle",
    "middlewares",
    "web.problems",
    "handlers",
    "examples",
    "containers",
    "security.access",
    "security.sessions",
    "security.signing",
    "storage.secrets_kept",
    "storage.database",
    "storage.columns",
    "storage.engines",
    "storage.outages",
    "web.replies",
    "web.ready",
    "web.again",
    "security.clients",
    "security.tokens",
    "security.hosts",
    "services",
    "web.rendering",
    "web.assets",
    "web.policies",
    "web.forms",
    "web.codings",
    "web.browsers",
    "security.origins",
    "serving.draining",
    "web.unforeseen",
    "gifs",
    "answers",
    "pages",
    "bounded",
    "recorder",
    "giphy",
    "giphy_shapes",
    "giphy_errors",
    "web.operations",
    "parameters",
    "web.moments",
    "web.bodies",
    "web.wording",
    "logs",
    "tracing",
    "settings_sources",
    "settings",
    "media_origins",
    "serving.places",
    "commands.reaching",
    "shapes",
    "errors",
    "__init__",
)
BELOW_FEATURES = {
    "tracing",
    "web.moments",
    "media_origins",
    "storage.outages",
    "answers",
    "web.replies",
    "storage.columns",
    "web.bodies",
    "security.origins",
    "web.unforeseen",
    "web.wording",
    "web.assets",
    "web.browsers",
    "web.codings",
    "web.forms",
    "web.policies",
    "web.rendering",
    "storage.database",
    "serving.draining",
    "security.signing",
    "security.sessions",
    "shapes",
    "bounded",
    "commands.reaching",
    "recorder",
    "pages",
    "gifs",
    "giphy",
    "giphy_shapes",
    "giphy_errors",
    "web.operations",
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
    "commands.main": {"sandbox.application"},
    "storage.database": {"storage.migrations", "storage.migrations.steps"},
    "commands.db": {"storage.migrations", "polls.sample"},
    "commands.download": {
        "downloads.finding",
        "downloads.folder",
        "downloads.progress",
    },
    "commands.giphy_checks": {"sandbox.application"},
    "handlers": {"resilience.quota", "site.handlers"},
    "lifecycle": {"downloads.resolver", "sandbox.application"},
    "middlewares": {"resilience.clients"},
    "commands.server_checks": {"resilience.redis_report"},
    "serving.workers": {"metrics.workers"},
}


CORE = {"storage", "security", "web", "serving", "commands"}
"""Packages that are no features: parts of the root that belong together."""


def core() -> list[Path]:
    """Every module of the root, those in its packages included."""
    paths = [path for name in CORE for path in ROOT.joinpath(name).glob("*.py")]
    return [*ROOT.glob("*.py"), *(p for p in paths if p.stem != "__init__")]


def features() -> list[Path]:
    """Every module of the features."""
    paths = ROOT.glob("*/**/*.py")
    return [path for path in paths if path.relative_to(ROOT).parts[0] not in CORE]


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
    assert {module_of(path) for path in core()} == set(ORDER)


def test_a_root_module_imports_only_what_stands_below_it() -> None:
    for path in core():
        own = ORDER.index(module_of(path))
        for name in imported(path):
            if name in ORDER:
                assert ORDER.index(name) > own, f"{module_of(path)} imports {name}"


def test_a_feature_imports_nothing_of_the_root_container_or_another_feature() -> None:
    for path in features():
        feature = path.relative_to(ROOT).parts[0]
        for name in imported(path):
            top = name.split(".")[0]
            allowed = top == feature or name in BELOW_FEATURES
            assert allowed, f"{module_of(path)} imports {name}"


def test_a_root_module_imports_of_features_what_is_said_here_and_nothing_else() -> None:
    used: dict[str, set[str]] = {}
    for path in core():
        for name in imported(path) - set(ORDER):
            said = OF_FEATURES.get(module_of(path), set())
            patterns = {pattern for pattern in said if fnmatch(name, pattern)}
            assert patterns, f"{module_of(path)} imports {name}"
            used.setdefault(module_of(path), set()).update(patterns)

    assert used == OF_FEATURES


def test_only_the_two_that_ask_servers_know_aiohttps_client_errors() -> None:
    knowing = {
        module_of(path)
        for path in ROOT.rglob("*.py")
        if "ClientError" in path.read_text(encoding="utf-8")
    }

    assert knowing == {"giphy", "downloads.wire"}
