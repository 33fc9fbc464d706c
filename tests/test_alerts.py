"""Alerts reach a webhook and a mail server, say what to do, and stop no run."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project import settings
from dagster_project.alerts import Alert, sending
from dagster_project.defs.alerts import daily_health, tell_of_failures
from dagster_project.errors import DeliveryError
from dagster_project.intake import lateness, names
from dagster_project.settings import Home
from tests.conftest import Result, copied

REMEDY = "Have the file corrected and delivered again."
SECRET = "Mary Smith of 1 High Street"
# The newest file of the hand-made extracts is a day older.
NEXT_DAY = datetime(2021, 11, 18, 9)


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
        " where file_status = 'loaded' group by extract"
    )
    assert body["facts"]["extracted_at"] == {name: str(at) for name, at in rows}
    assert any(line.startswith("crimes: extracted ") for line in body["lines"])


@dg.asset(check_specs=[dg.AssetCheckSpec("few_held_lines", asset="seen")])
def seen() -> Iterator[object]:
    yield dg.MaterializeResult()
    yield dg.AssetCheckResult(
        check_name="few_held_lines",
        passed=False,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "found": "12 rows",
            "remedy": REMEDY,
            "row_1": f"extract: crimes; file_name: crimes_1.csv; notes: {SECRET}",
        },
    )


@dg.asset
def loaded() -> None:
    pass


def run_daily(asset: dg.AssetsDefinition, instance: dg.DagsterInstance) -> None:
    """A run of `daily` that succeeds."""
    job = dg.define_asset_job("daily")
    daily = dg.Definitions([asset], jobs=[job]).resolve_job_def("daily")
    assert daily.execute_in_process(instance=instance).success


def at(monkeypatch: pytest.MonkeyPatch, home: Home, now: datetime = NEXT_DAY) -> None:
    monkeypatch.setattr(settings, "home", lambda: home)
    monkeypatch.setattr(names, "london_now", lambda: now)


def test_the_daily_line_says_that_all_is_well_after_a_run_that_succeeded_in_time(
    webhook: Webhook,
    tiny: Result,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
):
    at(monkeypatch, tiny.home)
    run_daily(loaded, instance)
    daily_health.execute_in_process(instance=instance)
    (body,) = webhook.bodies
    assert (body["is_well"], body["title"]) == (True, "all is well")


def test_the_daily_line_counts_late_extracts_with_rule_file_lines_and_remedy(
    webhook: Webhook,
    mail: Mail,
    tiny: Result,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
):
    at(monkeypatch, tiny.home, datetime(2021, 11, 29, 9))
    run_daily(loaded, instance)
    daily_health.execute_in_process(instance=instance)
    (body,) = webhook.bodies
    assert (body["is_well"], body["title"]) == (False, "somebody has to look")
    (late,) = [each for each in body["facts"]["late"] if each["extract"] == "crimes"]
    ((name, count),) = tiny.rows(
        "select file_name, lines_delivered from marts.fct_loads"
        " where extract = 'crimes' and file_status = 'loaded'"
        " order by extracted_at desc limit 1"
    )
    assert (late["rule"], late["file"]) == (lateness.RULE, name)
    assert late["lines"].endswith(f"That file has {count} lines")
    assert "files are due every 7 days" in late["lines"]
    assert late["remedy"] == lateness.REMEDY
    (line,) = [line for line in body["lines"] if f"(crimes, {name})" in line]
    (message,) = mail.messages
    for text in (lateness.RULE, name, "Ask the supplier", "Last good version: "):
        assert text in message.replace("=\n", "")
    assert line.startswith(lateness.RULE)
    # Actions are due each month.
    assert "actions" not in {each["extract"] for each in body["facts"]["late"]}


def test_the_daily_line_can_read_a_file_that_an_older_version_published(
    webhook: Webhook,
    tiny: Result,
    instance: dg.DagsterInstance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    home = copied(tiny, tmp_path).home
    home.current.resolve().chmod(0o640)
    with duckdb.connect(str(home.current.resolve())) as connection:
        connection.execute(
            "create or replace table marts.fct_loads as"
            " select * rename (file_status as status) from marts.fct_loads"
        )
    at(monkeypatch, home)
    run_daily(loaded, instance)
    daily_health.execute_in_process(instance=instance)
    (body,) = webhook.bodies
    assert (body["is_well"], body["title"]) == (True, "all is well")


def test_the_daily_line_names_a_file_on_hold_and_the_command_that_accepts_it(
    webhook: Webhook,
    tiny: Result,
    instance: dg.DagsterInstance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    home = copied(tiny, tmp_path).home
    home.current.resolve().chmod(0o640)
    with duckdb.connect(str(home.current.resolve())) as connection:
        ((load, name),) = connection.execute(
            "update marts.fct_loads set file_status = 'held' where load_id ="
            " (select max(load_id) from marts.fct_loads where extract = 'crimes')"
            " returning load_id, file_name"
        ).fetchall()
    at(monkeypatch, home)
    run_daily(loaded, instance)
    daily_health.execute_in_process(instance=instance)
    (body,) = webhook.bodies
    assert not body["is_well"]
    (held,) = body["facts"]["on_hold"]
    assert (held["extract"], held["file"]) == ("crimes", name)
    assert held["remedy"].endswith(f"make accept LOAD={load} DATA={home.root}")


def test_the_daily_line_has_the_warnings_of_the_last_run_without_a_value_of_a_record(
    webhook: Webhook,
    tiny: Result,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
):
    at(monkeypatch, tiny.home)
    run_daily(seen, instance)
    daily_health.execute_in_process(instance=instance)
    (body,) = webhook.bodies
    assert (body["is_well"], body["title"]) == (True, "all is well, with a warning")
    assert body["facts"]["failed_checks"] == [
        {
            "rule": "few_held_lines",
            "extract": "crimes",
            "file": "crimes_1.csv",
            "lines": "12 rows",
            "remedy": REMEDY,
        }
    ]
    assert SECRET not in json.dumps(body)


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
