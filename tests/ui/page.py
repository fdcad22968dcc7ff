"""What the tests of the page share: a real `runner ui` and a real Chromium."""
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

sys.path[:0] = os.environ.get("RUNNER_TEST_PYTHONPATH", "").split(":")

source = Path(__file__).resolve().parents[2]
recipe = source / "recipes/synthetic.yaml"
chromium = shutil.which("chromium")


def missing():
    """What this machine lacks for these tests; empty when it has all."""
    if not chromium:
        return "no chromium"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "no playwright (./dev test installs it)"
    return ""


def runner():
    """The program to test: RUNNER_BINARY_DIR is given by CTest."""
    return str(Path(os.environ.get("RUNNER_BINARY_DIR", source / "build/release/bin")) / "runner")


def run(folder, *arguments):
    """Runs the program in a folder, to its end."""
    return subprocess.run([runner(), *map(str, arguments)], cwd=folder, check=True, capture_output=True, text=True).stdout


def query(folder, sql, *parameters):
    """The first row of an answer of the database."""
    with contextlib.closing(sqlite3.connect(folder / ".runner/experiments.db", timeout=60)) as database:
        return database.execute(sql, parameters).fetchone()


class Server:
    """A `runner ui` on a folder's database, until the end of the `with`."""

    def __init__(self, folder, *arguments):
        self.process = subprocess.Popen([runner(), "ui", "--no-browser", *map(str, arguments)], cwd=folder,
                                        stdout=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().split()
        assert words[:1] == ["page"], f"runner ui printed {words}"
        self.address = words[1]
        self.base, self.token = self.address.split("/?token=")
        self.port = int(self.base.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.stdout.close()
        assert self.process.wait(timeout=20) == 0


class Browser:
    """Chromium, which keeps what pages complain of in `complaints`."""

    def __enter__(self):
        from playwright.sync_api import sync_playwright
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        self.complaints = []
        return self

    def __exit__(self, *_):
        self.browser.close()
        self.playwright.stop()

    def page(self, server, path="/", **options):
        """A page of a new visitor, who opens the printed address and then this one."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and self.complaints.append(f"{message.text} ({message.location['url']})"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(server.address)
        page.wait_for_selector("main > *", state="attached")
        if path != "/":
            page.goto(server.base + path)
            page.wait_for_selector("main > *", state="attached")
        return page


def wait_until(condition, what, seconds=60):
    """Waits; fails with `what` where it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")
