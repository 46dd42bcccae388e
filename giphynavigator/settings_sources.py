"""Where settings come from: one of four files, then the environment; checked whole.

The file is looked for in this order: the one named on the command line, the one
named by GIPHYNAVIGATOR_CONFIG, config.yml beside the package and
/etc/giphynavigator/config.yml. The environment then replaces a few values
(REPLACEMENTS). Secrets come from the environment only. What cannot be used
raises SettingsError, whose one line names file and key.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from giphynavigator.errors import Misconfigured
from giphynavigator.settings import FileSettings, Secret, Settings
from giphynavigator.shapes import located

PACKAGE_CONFIG = Path(__file__).resolve().parent.parent / "config.yml"
SYSTEM_CONFIG = Path("/etc/giphynavigator/config.yml")

REPLACEMENTS = {
    "GIPHY_API_URL": ("giphy", "api_url"),
    "REDIS_URL": ("redis", "url"),
    "DATABASE_URL": ("database", "url"),
    "HOST": ("server", "host"),
    "PORT": ("server", "port"),
}


class SettingsError(Misconfigured):
    """The settings cannot be used; says where and which key."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


def read_settings(
    file: str | Path | None = None,
    environ: Mapping[str, str] = os.environ,
    *,
    sandbox: bool = False,
) -> Settings:
    """Give the checked settings, or raise SettingsError.

    `file` is the one named on the command line; `sandbox` forces the sandbox
    even where the environment has a key.
    """
    path = find_file(file, environ)
    settings = _replaced(_check(path, _load(path)), environ)
    key = Secret(environ.get("GIPHY_API_KEY", ""))
    alone = not key and not environ.get("GIPHY_API_URL", "").strip()
    tokens = environ.get("GIPHYNAVIGATOR_TOKENS", "").split(",")
    return Settings(
        settings,
        str(path),
        api_key=Secret() if sandbox else key,
        tokens=tuple(Secret(token) for token in tokens if token.strip()),
        secret=Secret(environ.get("GIPHYNAVIGATOR_SECRET", "")),
        sandbox=sandbox or alone,
    )


def find_file(file: str | Path | None, environ: Mapping[str, str]) -> Path:
    """Give the settings file that counts; a named one must be there."""
    named = file or environ.get("GIPHYNAVIGATOR_CONFIG")
    if named:
        return Path(named)
    for path in (PACKAGE_CONFIG, SYSTEM_CONFIG):
        if path.is_file():
            return path
    raise SettingsError(
        str(PACKAGE_CONFIG), f"no such file, and no {SYSTEM_CONFIG} either"
    )


def _load(path: Path) -> dict[str, Any]:
    """Read a YAML mapping of sections; an empty file is an empty mapping."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(str(path), error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:  # a ValueError too, so it comes first
        raise SettingsError(str(path), "is not UTF-8 text") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingsError(str(path), _first_line(error)) from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise SettingsError(str(path), "must be a mapping of sections")
    return found


def _first_line(error: Exception) -> str:
    """Say in one line where the YAML breaks and why."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"line {mark.line + 1}: {problem}" if mark else problem


def _check(path: Path, sections: dict[str, Any]) -> FileSettings:
    """Convert to the typed settings; the error names the key with dots."""
    try:
        return msgspec.convert(sections, FileSettings)
    except msgspec.ValidationError as error:
        raise SettingsError(str(path), _plain(error)) from error


def _plain(error: msgspec.ValidationError) -> str:
    """Say in one line which key is wrong, and how."""
    key, problem = located(error)
    return f"{key}: {problem}" if key else problem


def _replaced(settings: FileSettings, environ: Mapping[str, str]) -> FileSettings:
    """Put the values that the environment sets over those of the file."""
    for variable, (name, key) in REPLACEMENTS.items():
        text = environ.get(variable, "").strip()
        if not text:
            continue
        section = getattr(settings, name)
        (field,) = (f for f in msgspec.structs.fields(section) if f.name == key)
        try:
            value = msgspec.convert(text, field.type, strict=False)
            changed = msgspec.structs.replace(section, **{key: value})
        except msgspec.ValidationError as error:
            # The value is not quoted: an address may hold a password.
            raise SettingsError(
                f"{variable} in the environment", _plain(error)
            ) from error
        except ValueError as error:  # what the section itself refuses
            raise SettingsError(f"{variable} in the environment", str(error)) from None
        settings = msgspec.structs.replace(settings, **{name: changed})
    return settings
