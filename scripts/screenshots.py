#!/usr/bin/env python3
"""Makes the README's pictures from the demo database: `.venv/bin/python scripts/screenshots.py`.

Needs Chromium and the development tools (`./scripts/test` installs both).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright

OUT = Path(__file__).parent / "screenshots"
PICTURES = {
    "home": ("/", 1100, 980),
    "claim": ("/-/lobbyx/verdict/1", 1100, 1010),
    "organization": ("/-/lobbyx/organization/1", 1100, 1480),
}


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium: apt-get install chromium")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        lobbyx = [sys.executable, "-W", "ignore", "-c", "from lobbyx.cli import main; main()"]
        database = str(Path(folder) / "demo.db")
        subprocess.run([*lobbyx, "demo", "--db", database], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            [*lobbyx, "serve", "--db", database, "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(200):
                try:
                    requests.get(address, timeout=5)
                    break
                except requests.ConnectionError:
                    time.sleep(0.1)
            OUT.mkdir(exist_ok=True)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                for name, (path, width, height) in PICTURES.items():
                    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
                    page.goto(address + path)
                    page.screenshot(path=OUT / f"{name}.png")
                    print(f"scripts/screenshots/{name}.png")
                browser.close()
        finally:
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
