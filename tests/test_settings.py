import os
import subprocess
import sys
from pathlib import Path

import pytest

from giphynavigator import settings_sources as module
from giphynavigator.settings import FileSettings, Secret
from giphynavigator.settings_sources import SettingsError, read_settings

REPOSITORY = Path(__file__).parent.parent


def written(folder: Path, text: str, name: str = "config.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_named_on_the_command_line_comes_first(tmp_path: Path) -> None:
    named = written(tmp_path, "default: {limit: 7}", "named.yml")
    other = written(tmp_path, "default: {limit: 8}", "other.yml")

    settings = read_settings(named, {"GIPHYNAVIGATOR_CONFIG": str(other)})

    assert (settings.file.default.limit, settings.source) == (7, str(named))


def test_then_the_one_that_the_environment_names(tmp_path: Path) -> None:
    other = written(tmp_path, "default: {limit: 8}")

    settings = read_settings(None, {"GIPHYNAVIGATOR_CONFIG": str(other)})

    assert (settings.file.default.limit, settings.source) == (8, str(other))


def test_then_the_one_beside_the_package_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "default: {limit: 9}")

    settings = read_settings(None, {})

    assert settings.source == str(REPOSITORY / "config.yml")
    assert settings.file.default.limit == 10


def test_then_the_systems_and_then_it_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PACKAGE_CONFIG", tmp_path / "none.yml")
    monkeypatch.setattr(module, "SYSTEM_CONFIG", tmp_path / "system.yml")

    with pytest.raises(SettingsError, match=r"none\.yml: no such file"):
        read_settings(None, {})
    written(tmp_path, "default: {limit: 6}", "system.yml")

    assert read_settings(None, {}).file.default.limit == 6


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("server: {port: x}", "server.port: expected int, got str"),
        ("server: {port: 65536}", "server.port: expected int <= 65535"),
        ("server: {colour: red}", "server.colour: unknown key"),
        ("colour: red", "colour: unknown key"),
        ("server: 5", "server: expected object, got int"),
        ("giphy: {rating: x}", "giphy.rating: invalid enum value 'x'"),
        ("giphy: {request_timeout: 0}", "giphy.request_timeout: expected float > 0.0"),
        ("- 1", "must be a mapping of sections"),
        ("a: [", "line 1: expected the node content, but found '<stream end>'"),
        ("default: {limit: 2001-13-45}", "month must be in 1..12"),
        ("[" * 20_000, "maximum recursion depth exceeded"),
        ("giphy: {api_url: 'http://['}", "giphy: api_url must be http"),
        ("giphy: {api_url: 'http://x:99999'}", "giphy: api_url must be http"),
        ("giphy: {api_url: 'http://x/v1?a=b'}", "giphy: api_url must be http"),
        ("giphy: {api_url: 'http://me:pw@x/v1'}", "giphy: api_url must be http"),
        ("server: {trusted_proxies: [999.1.1.1]}", "server: '999.1.1.1' does not"),
        ("cache: {max_age: .inf}", "cache.max_age: expected float <= 31536000.0"),
        ("default: {query: '  '}", "default.query: expected str matching regex "),
        ("\t", "line 1: found character '\\t' that cannot start any token"),
    ],
)
def test_a_mistake_is_one_line_with_file_and_key(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = written(tmp_path, text)

    with pytest.raises(SettingsError) as caught:
        read_settings(path, {})

    assert str(caught.value).startswith(f"{path}: {problem}")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        read_settings(path, {})


def test_an_empty_file_leaves_every_default(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, ""), {}).file == FileSettings()


def test_the_committed_file_says_what_the_defaults_are() -> None:
    assert read_settings(None, {}).file == FileSettings()


def test_the_environment_replaces_what_it_may(tmp_path: Path) -> None:
    environ = {
        "GIPHY_API_URL": "http://127.0.0.1:9/v1",
        "REDIS_URL": "redis://localhost",
        "DATABASE_URL": "postgresql://localhost/gifs",
        "HOST": "0.0.0.0",
        "PORT": " 99 ",
    }

    file = read_settings(written(tmp_path, ""), environ).file

    assert (file.giphy.api_url, file.redis.url, file.database.url) == (
        "http://127.0.0.1:9/v1",
        "redis://localhost",
        "postgresql://localhost/gifs",
    )
    assert (file.server.host, file.server.port) == ("0.0.0.0", 99)


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({"PORT": "abc"}, "PORT in the environment: expected int, got str"),
        ({"PORT": "65536"}, "PORT in the environment: expected int <= 65535"),
        ({"GIPHY_API_URL": "ftp://x"}, "GIPHY_API_URL in the environment: expected"),
        (
            {"GIPHY_API_URL": "http://me:pw@x/v1"},
            "GIPHY_API_URL in the environment: api_url must be http",
        ),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    environ: dict[str, str], problem: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(None, environ)

    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize(
    ("environ", "forced", "sandbox", "key"),
    [
        ({}, False, True, ""),
        ({"GIPHY_API_KEY": " "}, False, True, ""),
        ({"GIPHY_API_KEY": " k "}, False, False, "k"),
        ({"GIPHY_API_URL": "http://x/v1"}, False, False, ""),
        ({"GIPHY_API_KEY": "k"}, True, True, ""),
    ],
)
def test_without_key_and_url_or_by_force_the_sandbox_answers(
    environ: dict[str, str], forced: bool, sandbox: bool, key: str
) -> None:
    settings = read_settings(None, environ, sandbox=forced)

    assert (settings.sandbox, settings.api_key.reveal()) == (sandbox, key)


def test_a_secret_does_not_print() -> None:
    secret = Secret("abc")

    assert [repr(secret), str(secret), f"{secret}"] == ["Secret(***)"] * 3
    assert (bool(secret), bool(Secret())) == (True, False)


def test_a_password_in_the_address_of_redis_does_not_print() -> None:
    settings = read_settings(None, {"REDIS_URL": "redis://:password@127.0.0.1:6379/0"})

    assert "redis://" in settings.file.redis.url
    assert "password" not in repr(settings)


def test_a_mistake_ends_the_program_with_one_line_and_exit_1(tmp_path: Path) -> None:
    path = written(tmp_path, "server: {port: x}")
    command = [sys.executable, "-m", "giphynavigator", "serve", "--config", str(path)]

    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    line = f"Error: {path}: server.port: expected int, got str\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)
