"""Prints a pack's board report as a tagged PDF, by the Chromium of this machine.

The file is no part of the pack: the manifest does not list it, and the next report,
which replaces the pack, removes it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from reports.published import PackError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NAME = "report.pdf"
FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--no-pdf-header-footer", "--generate-pdf-document-outline"),
)
MOST_SECONDS = 120


def write_pdf(folder: Path) -> Path:
    """Print the page of the pack in `folder`; return the path of the PDF.

    Raises:
        PackError: there is no pack or no Chromium, or it cannot print.
    """
    page, made = folder / "index.html", folder / NAME
    if not page.is_file():
        raise PackError(f"{page}: there is no pack to print. Run make report first.")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise PackError(
            "A PDF needs Chromium or Chrome, and this machine has none; install "
            "Debian's package chromium, or open index.html in a browser and print it."
        )
    # Chromium refuses its sandbox to root. The page is our own and has no scripts.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with tempfile.TemporaryDirectory() as workshop:
        drawn = Path(workshop) / NAME
        command = [
            *(program, *flags, f"--user-data-dir={workshop}/profile"),
            *(f"--print-to-pdf={drawn}", page.resolve().as_uri()),
        ]
        try:
            subprocess.run(
                command, capture_output=True, check=False, timeout=MOST_SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise PackError(
                f"{program} did not print {page} in {MOST_SECONDS} seconds; try again."
            ) from error
        if not drawn.is_file():
            raise PackError(f"{program} cannot print {page}; print it in a browser.")
        shutil.copyfile(drawn, made)
    return made
