"""`make up`: Dagster behind a password, with schedules, and an end without a trace."""

import configparser
import http.client
import io
import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dagster_project import locks, settings
from dagster_project.cli.commands import parser
from dagster_project.defs import schedules
from dagster_project.service import passwords, proxy
from dagster_project.settings import Home
from tests.conftest import run_here
from tests.dagster_server import LAUNCH, REPOSITORIES, STATUS, wait_for
from tests.running_service import NAME, PASSWORD, Service, authorisation

LONDON = ZoneInfo("Europe/London")
MUTATION = "mutation{deleteRun(runId:%22x%22){__typename}}"
SCHEDULES = """
{
  repositoriesOrError {
    ... on RepositoryConnection {
      nodes { schedules { name scheduleState { status } } }
    }
  }
}
"""
TICKS = """
query ($selector: ScheduleSelector!, $from: Float!) {
  scheduleOrError(scheduleSelector: $selector) {
    ... on Schedule { futureTicks(cursor: $from, limit: 3) { results { timestamp } } }
  }
}
"""


def new_home(folder: Path) -> Home:
    said = run_here("start", "--force", "kent", "--data", str(folder))
    assert said.exit_code == 0, said.output
    return Home(folder)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if shutil.which("nginx", path=f"{os.environ['PATH']}:{proxy.FOLDERS}") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must send the forgeries: install Debian's package nginx")
        pytest.skip("no nginx: install Debian's package nginx")
    # As `make report` leaves it: the checkout names the demonstration's home.
    settings.write_settings_for_dagster()
    with Service(new_home(tmp_path_factory.mktemp("service") / "home")) as running:
        yield running


def test_the_pages_open_with_the_password(service: Service):
    status, page = service.ask("GET", "/", **authorisation())
    assert status == 200
    assert "dagster" in page.lower()


def test_the_code_location_has_a_name_of_its_own(service: Service):
    (node,) = service.graphql(REPOSITORIES)["repositoriesOrError"]["nodes"]
    assert node["location"]["name"] == settings.CODE_LOCATION


def test_the_records_are_those_of_the_home_though_the_checkout_names_another(
    service: Service,
):
    info = service.graphql("{ instance { info } }")["instance"]["info"]
    assert str(service.home.dagster) in info
    assert str(settings.Home(settings.DEMONSTRATION_HOME).dagster) not in info


def test_every_schedule_is_on(service: Service):
    (node,) = service.graphql(SCHEDULES)["repositoriesOrError"]["nodes"]
    states = {
        each["name"]: each["scheduleState"]["status"] for each in node["schedules"]
    }
    assert states == dict.fromkeys(schedules.ROWS, "RUNNING")


@pytest.mark.parametrize("day", ["2027-03-27", "2027-10-30"])
def test_the_morning_keeps_its_time_on_the_clock_when_clocks_change(
    service: Service, day: str
):
    (node,) = service.graphql(REPOSITORIES)["repositoriesOrError"]["nodes"]
    begin = datetime.fromisoformat(day).replace(tzinfo=LONDON)
    found = service.graphql(
        TICKS,
        selector={
            "repositoryName": node["name"],
            "repositoryLocationName": node["location"]["name"],
            "scheduleName": "every_morning",
        },
        **{"from": begin.timestamp()},
    )["scheduleOrError"]["futureTicks"]["results"]
    ticks = [datetime.fromtimestamp(tick["timestamp"], LONDON) for tick in found]
    assert [tick.strftime("%H:%M") for tick in ticks] == ["06:30"] * 3
    assert len({tick.date() for tick in ticks}) == 3
    # The clocks do change between the first and the last.
    assert ticks[0].utcoffset() != ticks[2].utcoffset()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 401),
        ("/", authorisation(password="correct horse batteri"), 401),
        ("/", authorisation(name="eve"), 401),
        ("/server_info", {}, 401),
        ("/", authorisation() | {"Host": "evil.example"}, 403),
        ("/", authorisation() | {"Host": "127.0.0.1"}, 403),
        ("/", authorisation() | {"Origin": "http://evil.example"}, 403),
        ("/", authorisation() | {"Origin": "null"}, 403),
        (f"/graphql?query={MUTATION}", authorisation(), 405),
        (f"//graphql?query={MUTATION}", authorisation(), 405),
        (f"/%67raphql?query={MUTATION}", authorisation(), 405),
        (f"/x/../graphql?query={MUTATION}", authorisation(), 405),
    ],
)
def test_a_forged_request_is_refused(
    service: Service, path: str, headers: dict[str, str], status: int
):
    assert service.ask("GET", path, **headers)[0] == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Host": "evil.example"},
    ],
)
def test_a_mutation_from_a_foreign_page_is_refused(
    service: Service, headers: dict[str, str]
):
    body = json.dumps({"query": 'mutation{deleteRun(runId:"x"){__typename}}'})
    as_json = {"Content-Type": "application/json"}
    sent = authorisation() | as_json | headers
    assert service.ask("POST", "/graphql", body.encode(), **sent)[0] == 403


def test_a_mutation_in_the_address_of_a_websocket_is_not_passed_on(service: Service):
    sent = authorisation() | {"Upgrade": "websocket", "Connection": "upgrade"}
    status, text = service.ask("GET", f"/graphql?query={MUTATION}", **sent)
    assert status >= 400
    assert "deleteRun" not in text


def websocket(service: Service, origin: str, headers: dict[str, str]) -> str:
    """The answer to the first message of Dagster's pages on their websocket."""
    with connect(
        f"ws://127.0.0.1:{service.port}/graphql",
        origin=origin,
        subprotocols=["graphql-ws"],
        additional_headers=headers,
    ) as opened:
        opened.send(json.dumps({"type": "connection_init", "payload": {}}))
        return json.loads(opened.recv(timeout=60))["type"]


def test_the_websocket_of_the_pages_works(service: Service):
    own = f"http://localhost:{service.port}"
    assert websocket(service, own, authorisation()) == "connection_ack"


@pytest.mark.parametrize(
    ("origin", "headers", "status"),
    [
        ("http://evil.example", authorisation(), 403),
        ("http://127.0.0.1", authorisation(), 403),
        ("own", {}, 401),
    ],
)
def test_a_forged_websocket_is_refused(
    service: Service, origin: str, headers: dict[str, str], status: int
):
    named = f"http://127.0.0.1:{service.port}" if origin == "own" else origin
    with pytest.raises(InvalidStatus) as refused:
        websocket(service, named, headers)
    assert refused.value.response.status_code == status


def test_nginx_alone_listens_on_a_port(service: Service):
    assert service.open_ports() == {service.port}


def test_a_home_is_served_once(service: Service):
    said = run_here("up", "--data", str(service.home.root), "--port", "1")
    assert said.exit_code == 2
    assert "make up is running for this home already" in said.output


def test_a_port_that_is_used_is_named(service: Service):
    port = str(service.port)
    said = run_here("up", "--data", str(service.home.root), "--port", port)
    assert said.exit_code == 2
    assert f"PORT={port} is used by another program" in said.output


def fetched(service: Service, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    """Status, content policy and content of an answer to somebody with a password."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.request(method, path, headers=authorisation())
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers.get("Content-Security-Policy", ""), content


def test_a_pack_is_served_with_the_password_and_may_not_ask_for_anything(
    service: Service,
):
    page = service.home.output / "2021-22-q2" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<title>the pack</title>")
    address = "/packs/2021-22-q2/index.html"
    status, policy, content = fetched(service, address)
    assert (status, content) == (200, page.read_bytes())
    # Without allow-same-origin the page is nobody's, and its Origin is refused.
    assert policy == "sandbox allow-downloads"
    assert service.ask("GET", address)[0] == 401
    assert fetched(service, address, "POST")[0] == 403


@pytest.mark.parametrize(
    "address", ["/packs/../home.json", "/packs/%2e%2e/home.json", "/packs/link.json"]
)
def test_nothing_but_packs_is_served_beside_the_pages(service: Service, address: str):
    service.home.output.mkdir(parents=True, exist_ok=True)
    link = service.home.output / "link.json"
    link.unlink(missing_ok=True)
    link.symlink_to(service.home.root / "home.json")
    said = (service.home.root / "home.json").read_bytes()
    assert said not in fetched(service, address)[2]


@pytest.mark.ci
def test_a_request_to_end_ends_everything_also_a_run(service: Service):
    (node,) = service.graphql(REPOSITORIES)["repositoriesOrError"]["nodes"]
    selector = {
        "repositoryName": node["name"],
        "repositoryLocationName": node["location"]["name"],
        "pipelineName": "daily",
    }
    # The run waits for the home as long as this test has it.
    with locks.alone(service.home):
        launched = service.graphql(LAUNCH, selector=selector)["launchRun"]["run"]

        def status() -> str:
            return service.graphql(STATUS, id=launched["runId"])["runOrError"]["status"]

        wait_for(lambda: status() == "STARTED")
        assert len(service.members()) > 4
        assert service.end() == 0
    assert service.members() == []
    assert service.log.read_text().endswith("Everything was ended.\n")


def test_without_nginx_nothing_is_served_and_its_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = new_home(tmp_path / "home")
    monkeypatch.setattr(proxy, "FOLDERS", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    said = run_here("up", "--data", str(home.root), "--port", "1")
    assert said.exit_code == 2
    assert "Install Debian's package nginx" in said.output


def test_nothing_is_served_before_somebody_has_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = new_home(tmp_path / "home")
    monkeypatch.setattr(proxy, "program", lambda: "nginx")
    said = run_here("up", "--data", str(home.root), "--port", "1")
    assert said.exit_code == 2
    assert f"make password NAME=ada DATA={home.root}" in said.output


def typed(monkeypatch: pytest.MonkeyPatch, home: Home, name: str, password: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    return run_here("password", "--name", name, "--data", str(home.root)).output


def test_a_password_is_kept_as_a_hash_that_only_this_user_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = new_home(tmp_path / "home")
    typed(monkeypatch, home, NAME, PASSWORD)
    typed(monkeypatch, home, "eve", PASSWORD)
    typed(monkeypatch, home, NAME, "another password")
    kept = passwords.file(home)
    assert passwords.names(home) == ["eve", NAME]
    assert PASSWORD not in kept.read_text()
    assert ":$6$" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert home.service.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        (NAME, "short", "fewer than 12 characters"),
        ("a:b", PASSWORD, "is not a name for a password"),
        ("a b", PASSWORD, "is not a name for a password"),
    ],
)
def test_a_weak_password_and_a_name_that_nginx_would_misread_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, password: str, why: str
):
    home = new_home(tmp_path / "home")
    assert why in typed(monkeypatch, home, name, password)
    assert not passwords.file(home).exists()


def test_the_unit_and_the_container_start_commands_that_the_program_takes():
    folder = settings.REPOSITORY / "docs" / "service"
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str
    unit.read(folder / "strandline.service")
    command = unit["Service"]["ExecStart"].split()
    container = dict(
        line.split(" ", 1)
        for line in (folder / "Containerfile").read_text().splitlines()
        if line.startswith(("ENTRYPOINT", "CMD"))
    )
    started = json.loads(container["ENTRYPOINT"]) + json.loads(container["CMD"])
    for program, *words in (command, started):
        assert program == "/srv/strandline/.venv/bin/strandline"
        assert parser().parse_args(words).command == "up"
        assert words[words.index("--data") + 1] == "/srv/strandline_home"
    (service,) = yaml.safe_load((folder / "compose.yaml").read_text())[
        "services"
    ].values()
    # The image has what is committed: no data home, pack or .venv of the checkout.
    copied = [
        line
        for line in (folder / "Containerfile").read_text().splitlines()
        if line.startswith(("COPY", "ADD"))
    ]
    assert copied == ["COPY --chown=strandline .git .git"]
    # nginx listens on the loopback address of whatever network it is in.
    assert service["network_mode"] == "host"
    build = service["build"]
    assert (folder / build["context"]).resolve() == settings.REPOSITORY
    assert (settings.REPOSITORY / build["dockerfile"]).is_file()
