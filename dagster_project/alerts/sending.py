"""Sends an alert by webhook and by mail. An alert that cannot be sent stops nothing."""

import json
import smtplib
import ssl
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from dagster_project import settings
from dagster_project.alerts import Alert

SECONDS = 20
PORTS = {"smtp": 25, "smtps": 465}


def send(alert: Alert, warn: Callable[[str], None]) -> list[str]:
    """Send an alert by every way that is configured.

    Args:
        alert: the message.
        warn: is told of a way that failed.

    Returns:
        The ways by which it was sent.
    """
    configured, sent = settings.alerts(), []
    ways = {"webhook": _by_webhook, "mail": _by_mail}
    for name, way in ways.items():
        if not configured.get(name):
            continue
        try:
            way(alert, configured)
        except Exception as error:
            # Whatever it is, the run must not suffer. An address can have a password.
            warn(f"the alert could not be sent by {name}: {type(error).__name__}")
        else:
            sent.append(name)
    return sent


def _by_webhook(alert: Alert, configured: dict[str, str]) -> None:
    address = configured["webhook"]
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("The webhook is not a web address.")
    request = urllib.request.Request(
        address,
        json.dumps(alert.as_json()).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS):
        pass


def _by_mail(alert: Alert, configured: dict[str, str]) -> None:
    server = urlsplit(configured["mail"])
    message = EmailMessage()
    message["Subject"] = f"Strandline {alert.home}: {alert.title}"
    message["From"] = configured["from"]
    message["To"] = configured["to"]
    message.set_content(alert.text())
    place = (server.hostname or "", server.port or PORTS[server.scheme])
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(*place, timeout=SECONDS)
    with connection:
        connection.ehlo()
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=context)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)
