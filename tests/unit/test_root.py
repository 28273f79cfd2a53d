"""What the installation itself answers: health, and the frontend's files at `/`."""

import os
import time
from pathlib import Path

import pytest
import redis
from django.test import Client


@pytest.fixture
def frontend(tmp_path: Path, settings: object) -> Path:
    folder = tmp_path / "site"
    (folder / "js").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Новини</title>")
    (folder / "js" / "app.js").write_text("export default 1;")
    (folder / ".hidden").write_text("no")
    (tmp_path / "secret.txt").write_text("no")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    settings.FRONTEND_DIR = str(folder)  # type: ignore[attr-defined]
    return folder


@pytest.mark.parametrize("path", ["/", "/uk/", "/uk/2026/novyna/", "/ru/section/politika", "/en/all"])
def test_a_page_is_answered_with_the_index(frontend: Path, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert "Новини" in answer.content.decode()
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"


def test_a_file_has_its_type_and_is_not_sent_twice(frontend: Path) -> None:
    answer = Client().get("/js/app.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    again = Client().get("/js/app.js", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    (frontend / "js" / "app.js").write_text("export default 22;")
    assert Client().get("/js/app.js", headers={"If-None-Match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/js/missing.js", "/picture.png", "/.hidden", "/out.txt", "/../secret.txt", "/%2e%2e/secret.txt",
        "/js/..%2f..%2fsecret.txt", "//etc/passwd.txt", "/api/nosuch/", "/media/nosuch.jpg", "/static/nosuch.css",
        "/a%00b.js",
    ],
)  # fmt: skip
def test_what_is_not_the_frontends_is_404(frontend: Path, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert b"<title>\xd0\x9d" not in answer.content


def test_a_forgotten_slash_is_added_and_writing_is_refused(frontend: Path) -> None:
    assert Client().get("/admin")["Location"] == "/admin/"
    assert Client().post("/uk/").status_code == 405


def test_without_a_frontend_the_root_is_404(settings: object) -> None:
    settings.FRONTEND_DIR = ""  # type: ignore[attr-defined]
    assert Client().get("/").status_code == 404


def test_readiness_names_each_part(db: None, client: Client) -> None:
    seen = redis.Redis.from_url(os.environ["REDIS_URL"])
    try:
        seen.delete("ostriv:worker:seen")
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["worker"]) == (503, "no worker seen yet")
        seen.set("ostriv:worker:seen", f"{time.time() - 100}")
        assert client.get("/readyz").json()["worker"].startswith("no worker seen for 10")
        seen.set("ostriv:worker:seen", f"{time.time()}")
        answer = client.get("/readyz")
        assert answer.json() == {"status": "ready", "database": "ok", "redis": "ok", "worker": "ok"}
        assert answer.status_code == 200
    finally:
        seen.delete("ostriv:worker:seen")
        seen.close()


def test_life_needs_nothing(settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # type: ignore[attr-defined]
    assert Client().get("/healthz").json() == {"status": "ok"}
    settings.SERVE_MEDIA = True  # type: ignore[attr-defined]
    media = Path(settings.MEDIA_ROOT)  # type: ignore[attr-defined]
    media.mkdir(parents=True, exist_ok=True)
    (media / "note.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = Client().get("/media/note.svg")
    assert answer.status_code == 200
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"<svg")
    settings.SERVE_MEDIA = False  # type: ignore[attr-defined]
    assert Client().get("/media/note.svg").status_code == 404
