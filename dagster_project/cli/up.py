"""`strandline up`: runs Dagster's web server and daemon until it is asked to end."""

import argparse
import sys
import tempfile
from pathlib import Path

from dagster_project import locks, runs, settings
from dagster_project.cli import home as homes
from dagster_project.cli import options as shared
from dagster_project.cli import programs
from dagster_project.errors import DeliveryError
from dagster_project.service import passwords, processes, proxy

HELP = "run Dagster as a service, with schedules, behind a password"


def add_options(parser: argparse.ArgumentParser) -> None:
    shared.add_data(parser)
    parser.add_argument(
        "--port", default="3000", help="port on 127.0.0.1 (default: %(default)s)"
    )
    parser.set_defaults(archive=None, force=None, as_at=None)


def run(options: argparse.Namespace) -> int:
    """Serve the home until Ctrl-C or SIGTERM, which is a success."""
    nginx = proxy.program()
    proxy.refuse_used(options.port)
    home = homes.configured(options)
    homes.refuse_mistakes(home)
    if not passwords.names(home):
        raise DeliveryError(
            "Nobody has a password for Dagster's pages yet. Set one:"
            f" make password NAME=ada DATA={shared.short(home.root)}"
        )
    with locks.serving(home):
        with locks.alone(home):
            homes.deliver(home, options)
            runs.close_dead()
        try:
            _serve(home, nginx, options.port)
        except KeyboardInterrupt:
            print("Everything was ended.", flush=True)
    return 0


def _serve(home: settings.Home, nginx: str, port: str) -> None:
    # Dagster's programs read `.env` in their current folder. The repository's names the
    # demonstration's home, so they start elsewhere.
    family = processes.Family(home.work)
    # Only this user may enter the folder. A socket in the home could have a path that
    # is too long for one.
    with tempfile.TemporaryDirectory(prefix="strandline_") as run:
        settings.serve(run)
        workspace = settings.write_workspace(home)
        socket = Path(run) / "dagster.sock"
        web = [sys.executable, "-m", "dagster_project.service.webserver", str(socket)]
        try:
            family.start(
                "Dagster's daemon",
                [programs.path_of("dagster-daemon"), "run", "-w", str(workspace)],
            )
            family.start(
                "Dagster's web server",
                [*web, "-w", str(workspace), "--dagster-log-level", "warning"],
            )
            family.wait_until(socket.exists, "Dagster's web server")
            settings_file = proxy.write(home, Path(run), port)
            family.start(
                "nginx", [nginx, "-e", "stderr", "-p", run, "-c", str(settings_file)]
            )
            # nginx writes this file once it listens.
            family.wait_until((Path(run) / "nginx.pid").exists, "nginx")
            print(f"data home: {shared.short(home.work)}")
            print(f"Dagster's pages: http://127.0.0.1:{port}", flush=True)
            family.watch()
        finally:
            family.end()
