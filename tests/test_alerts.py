"""Alerts reach a webhook and a mail server, say what to do, and stop no run."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import settings
from dagster_project.alerts import Alert, sending
from dagster_project.defs.alerts import daily_health, tell_of_failures
from dagster_project.errors import DeliveryError
from dagster_project.settings import Home
from tests.conftest import Result

REMEDY = "Have the file corrected and delivered again."
SECRET = "Mary Smith of 1 High Street"


class Webhook(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Posted)
        self.bodies: list[dict] = []
        self.status = 200


class Posted(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        assert self.headers["Content-Type"] == "application/json"
        self.server.bodies.append(json.loads(self.rfile.read(length)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Mail(socketserver.TCPServer):
    """A server that takes mail, as little as smtplib needs of one."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taken)
        self.messages: list[str] = []


class Taken(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().decode().strip().upper():
            if line.startswith("DATA"):
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.messages.append(b"".join(lines).decode())
            self.wfile.write(b"221 bye\r\n" if line == "QUIT" else b"250 ok\r\n")


@contextmanager
def served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    server = Webhook()
    address = f"http://127.0.0.1:{server.server_port}/alerts"
    monkeypatch.setenv("STRANDLINE_ALERT_WEBHOOK", address)
    with served(server):
        yield server


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mail]:
    server = Mail()
    monkeypatch.setenv(
        "STRANDLINE_ALERT_SMTP", f"smtp://127.0.0.1:{server.server_address[1]}"
    )
    monkeypatch.setenv("STRANDLINE_ALERT_FROM", "strandline@force.example")
    monkeypatch.setenv("STRANDLINE_ALERT_TO", "data.team@force.example")
    with served(server):
        yield server


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@dg.asset(
    key=["raw", "crimes"],
    check_specs=[dg.AssetCheckSpec("few_held_lines", asset=["raw", "crimes"])],
)
def crimes() -> Iterator[object]:
    yield dg.AssetCheckResult(
        check_name="few_held_lines",
        passed=False,
        metadata={
            "found": "12 rows",
            "remedy": REMEDY,
            "row_1": f"extract: crimes; file_name: crimes_1.csv; notes: {SECRET}",
        },
    )
    raise DeliveryError("crimes_1.csv: too many lines are held.")


@dg.asset
def broken() -> None:
    raise ValueError(SECRET)


def failed(
    asset: dg.AssetsDefinition, instance: dg.DagsterInstance
) -> dg.RunFailureSensorContext:
    """What the sensor is given after a run that failed."""
    run = dg.materialize([asset], instance=instance, raise_on_error=False)
    assert not run.success
    (event,) = (e for e in run.all_events if e.is_failure and not e.is_step_event)
    return dg.build_run_status_sensor_context(
        sensor_name="tell_of_failures",
        dagster_event=event,
        dagster_instance=instance,
        dagster_run=run.dagster_run,
    ).for_run_failure()


def test_a_failed_run_is_told_with_extract_rule_lines_remedy_and_last_good_version(
    webhook: Webhook,
    mail: Mail,
    tiny: Result,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(settings, "home", lambda: tiny.home)
    tell_of_failures(failed(crimes, instance))
    (body,) = webhook.bodies
    assert (body["kind"], body["is_well"]) == ("failure", False)
    assert body["facts"]["checks"] == [
        {
            "rule": "few_held_lines",
            "extract": "crimes",
            "file": "crimes_1.csv",
            "lines": "12 rows",
            "remedy": REMEDY,
        }
    ]
    assert "crimes_1.csv: too many lines are held." in body["text"]
    assert body["facts"]["last_good_version"] == tiny.home.current.resolve().name
    assert "Last good version: " in body["text"] and " ago." in body["text"]
    (message,) = mail.messages
    assert "To: data.team@force.example" in message
    assert "failed" in message and "few_held_lines (crimes, crimes_1.csv)" in message


@pytest.mark.parametrize("asset", [crimes, broken])
def test_an_alert_has_no_value_of_a_record(
    webhook: Webhook,
    instance: dg.DagsterInstance,
    asset: dg.AssetsDefinition,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(settings, "home", lambda: Home(tmp_path))
    tell_of_failures(failed(asset, instance))
    (body,) = webhook.bodies
    assert SECRET not in json.dumps(body)
    assert "Nothing has been published in this home yet." in body["lines"]


def test_the_daily_line_has_the_age_of_each_extract_and_of_the_last_good_version(
    webhook: Webhook,
    tiny: Result,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(settings, "home", lambda: tiny.home)
    assert daily_health.execute_in_process(instance=instance).success
    (body,) = webhook.bodies
    assert (body["kind"], body["is_well"]) == ("health", False)
    assert "Last run of daily: never run." in body["lines"]
    rows = tiny.rows(
        "select extract, max(extracted_at) from marts.fct_loads"
        " where status = 'loaded' group by extract"
    )
    assert body["facts"]["extracted_at"] == {name: str(at) for name, at in rows}
    assert any(line.startswith("crimes: extracted ") for line in body["lines"])


@pytest.mark.parametrize("status", [500, 404, None])
def test_an_alert_that_cannot_be_sent_stops_no_run(
    webhook: Webhook,
    status: int | None,
    tmp_path: Path,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
):
    if status is None:
        monkeypatch.setenv("STRANDLINE_ALERT_WEBHOOK", "http://127.0.0.1:1/?key=secret")
    else:
        webhook.status = status
    monkeypatch.setattr(settings, "home", lambda: Home(tmp_path))
    assert daily_health.execute_in_process(instance=instance).success
    warned: list[str] = []
    message = Alert("health", True, "home", "all is well", ())
    assert sending.send(message, warned.append) == []
    (warning,) = warned
    assert "could not be sent by webhook" in warning and "secret" not in warning


def test_without_a_setting_nothing_is_sent(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settings, "home", lambda: Home(tmp_path))
    skipped = tell_of_failures(failed(crimes, instance))
    assert "no STRANDLINE_ALERT_ variable is set" in skipped.skip_message
