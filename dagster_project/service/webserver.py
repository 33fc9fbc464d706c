"""Dagster's web server on a unix socket: `python -m … <socket> <its options>`.

Its command line only listens on ports, which every user of the machine can reach. It
hands its application to `uvicorn.run`, which can also listen on a socket, so this
program exchanges the address there. tests/test_service.py sees that no port is open.
"""

import sys
from typing import Any
from unittest.mock import patch

import uvicorn
from dagster_webserver.cli import create_dagster_webserver_cli


def main() -> None:
    socket, *options = sys.argv[1:]
    serve = uvicorn.run

    def on_socket(app: Any, *, host: str, port: int, **others: Any) -> None:
        serve(app, uds=socket, **others)

    # Any port will do: it is not used.
    with patch.object(uvicorn, "run", on_socket):
        create_dagster_webserver_cli()(args=[*options, "--port", "1"])


if __name__ == "__main__":
    main()
