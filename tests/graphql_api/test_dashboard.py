"""The dashboard's files, the way in and the way out."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graphql_api.static import POLICY
from runtime.crm import tokens
from runtime.models import Role
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.graphql_api.door import Caller, Door
from tests.house import House

INDEX = '<!doctype html><script type="module" src="/assets/index-1a2b.js"></script>'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the build leaves it."""
    folder = tmp_path_factory.mktemp("static")
    for name, text in {
        "assets/index-1a2b.js": "export {};" * 100,
        "assets/index-3c4d.css": "body {}",
        "theme.js": "{}",
        "sw.js": "{}",
        ".vite/manifest.json": "{}",
        "index.html": INDEX,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def door(
    postgres: Postgres, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    settings = Settings(
        database_url=postgres.app_url, rapport_data_dir=tmp_path_factory.mktemp("door")
    )
    opened = Door(settings, static=built)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def session(door: Door, house: House) -> dict[str, str]:
    """The headers of a browser whose person is signed in."""
    return signed_in(door, house)


def signed_in(door: Door, house: House) -> dict[str, str]:
    with house.tx() as tx:
        code = tokens.create_code(tx, name="Ada", role=Role.OWNER)
    answer = httpx.get(f"{door.url}/", params={"code": code})
    return {"cookie": answer.headers["set-cookie"].split(";")[0], "origin": door.url}


def get(door: Door, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(f"{door.url}{path}", headers={"accept": "text/html"} | (headers or {}))


@pytest.mark.parametrize("path", ["/", "/agents", "/contacts/Q29udGFjdA"])
def test_each_page_starts_from_an_index_that_is_never_kept_and_runs_our_scripts_only(
    door: Door, session: dict[str, str], path: str
) -> None:
    answer = get(door, path, session)
    assert answer.text == INDEX
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy == POLICY
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-frame-options"] == "DENY"


def test_whoever_is_not_signed_in_is_told_how_to_on_every_page(door: Door) -> None:
    for path in ("/", "/agents"):
        answer = get(door, path)
        assert answer.status_code == 200
        assert "rapport login" in answer.text
        assert INDEX not in answer.text
    assert "used or is too old" in get(door, "/?expired").text


def test_hashed_files_are_kept_for_good_and_come_packed(door: Door) -> None:
    script = get(door, "/assets/index-1a2b.js", {"accept-encoding": "gzip"})
    assert script.text == "export {};" * 100
    assert script.headers["content-encoding"] == "gzip"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    plain = get(door, "/assets/index-3c4d.css", {"accept-encoding": "identity"})
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert "content-encoding" not in plain.headers
    assert get(door, "/theme.js").headers["cache-control"] == "no-cache"


def test_the_worker_sees_to_all_pages_and_is_never_kept_too_long(door: Door) -> None:
    worker = get(door, "/sw.js", {"accept": "*/*"})
    assert worker.headers["content-type"] == "text/javascript; charset=utf-8"
    assert worker.headers["service-worker-allowed"] == "/"
    assert worker.headers["cache-control"] == "no-cache"
    assert "default-src 'none'" in worker.headers["content-security-policy"]
    assert "worker-src 'self'" in POLICY


@pytest.mark.parametrize(
    "path",
    [
        "/assets/index-0000.js",
        "/assets/",
        "/api/nothing",
        "/graphql/nothing",
        "/favicon.ico",
        "/.vite/manifest.json",
        "/../app.py",
        "/%2e%2e/app.py",
        "//etc/passwd.txt",
    ],
)
def test_what_is_no_page_is_not_found(door: Door, session: dict[str, str], path: str) -> None:
    answer = get(door, path, session)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_a_program_that_asks_for_a_page_is_told_that_nothing_is_there(door: Door) -> None:
    assert get(door, "/agents", {"accept": "*/*"}).status_code == 404


def test_nothing_is_sent_to_a_page(door: Door, session: dict[str, str]) -> None:
    assert httpx.post(f"{door.url}/agents", headers=session).status_code == 404


def test_before_it_is_built_the_page_says_what_builds_it(
    postgres: Postgres, tmp_path: Path, house: House
) -> None:
    settings = Settings(database_url=postgres.app_url, rapport_data_dir=tmp_path)
    bare = Door(settings, static=tmp_path / "static")
    bare.open()
    try:
        session = signed_in(bare, house)
        page = get(bare, "/", session).text
        assert "You are signed in as Ada, owner." in page
        assert "make web" in page
        (tmp_path / "static").mkdir()
        (tmp_path / "static" / "index.html").write_text(INDEX)
        assert get(bare, "/", session).text == INDEX
    finally:
        bare.close()


def test_signing_out_ends_the_session_and_not_only_in_the_browser(
    door: Door, session: dict[str, str]
) -> None:
    assert get(door, "/", session).text == INDEX
    answer = httpx.post(f"{door.url}/sign-out", headers=session)
    assert answer.status_code == 204
    assert 'rapport_session=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "rapport login" in get(door, "/", session).text
    assert httpx.post(f"{door.url}/sign-out", headers=session).status_code == 204


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_only_our_own_page_signs_anybody_out(
    door: Door, session: dict[str, str], origin: str
) -> None:
    answer = httpx.post(f"{door.url}/sign-out", headers=session | {"origin": origin})
    assert answer.status_code == 403
    assert get(door, "/", session).text == INDEX


def test_signing_out_ends_no_token_of_a_program(door: Door, house: House) -> None:
    owner: Caller = door.caller(house)
    headers = {"cookie": f"rapport_session={owner.token}", "origin": door.url}
    assert httpx.post(f"{door.url}/sign-out", headers=headers).status_code == 204
    assert owner.ask("{ viewer { name } }")["viewer"]["name"] == house.who
