"""Alerts as those who get them meet them: a mail server (aiosmtpd) that demands encryption and a login, and a program behind https that checks signatures with the
library of Standard Webhooks. Their certificates come from an authority of the check's own (trustme), which the archive is told of and, once, is not.

alerts.py PROGRAM
"""

import base64
import email
import email.policy
import http.server
import json
import logging
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from standardwebhooks import Webhook, WebhookVerificationError

from common import Check, plain

program = str(pathlib.Path(sys.argv[1]).resolve())
BASE = "https://archive.example"
KEY = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, or so").decode()
LOGIN = ("archive", "open; \"sesame\"")
AWKWARD = pathlib.Path(__file__).parent / "data" / "awkward.ndjson"


class Letters:
    """What a mail server took, with the conversation that it came in."""

    def __init__(self):
        self.came = []

    async def handle_DATA(self, server, session, envelope):
        self.came.append((session.authenticated, envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


def log_in(server, session, envelope, mechanism, data):
    # Not handled: the server is to answer.
    return AuthResult(success=(data.login.decode(), data.password.decode()) == LOGIN, handled=False)


def mail_server(letters, tls, at_once):
    more = {"ssl_context": tls, "auth_require_tls": False} if at_once else {"tls_context": tls, "require_starttls": True}
    server = Controller(letters, hostname="127.0.0.1", port=free_port(), authenticator=log_in, auth_required=True, **more)
    server.start()
    return server


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Hook(http.server.BaseHTTPRequestHandler):
    came = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Hook.came.append((self.path, dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request, address):
        # A connection that the archive ends because of the certificate.
        pass


def run(data, *arguments, trusting=None):
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("NATO_ARCHIVE_", "SSL_CERT_"))}
    if trusting:
        surroundings["SSL_CERT_FILE"] = str(trusting)
    command = [program, "--data-dir", str(data), "--base-url", BASE, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings)


def write(data, port, tls, hook, password=LOGIN[1]):
    (data / "alerts.toml").write_text(
        f"""[mail]
host = "localhost"
port = {port}
tls = "{tls}"
user = "{LOGIN[0]}"
password = {json.dumps(password)}
from = "The archive <archive@archive.example>"
[[alert]]
name = "Letters, “all”"
search = ""
email = ["reader@example.org", "desk@example.org"]
at_most_every = "0m"
[[alert]]
name = "Machines"
search = ""
webhook = "https://localhost:{hook}/nato?x=1"
secret = "{KEY}"
allow_private = true
at_most_every = "0m"
"""
    )


def letter(check, raw, titles):
    """A message as a mail program takes it apart."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = list(message.walk())
    check.that(not any(part.defects for part in parts), f"the letter “{message['subject']}” has {[part.defects for part in parts]}")
    check.that(message.get_content_type() == "multipart/alternative", f"the letter is {message.get_content_type()}")
    for name in ("Date", "Message-ID", "List-Id", "List-Unsubscribe", "Auto-Submitted", "MIME-Version"):
        check.that(len(message.get_all(name, [])) == 1, f"a letter has {message.get_all(name)} as {name}")
    text = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    for title in titles:
        check.that(plain(title) in plain(text), f"a letter’s text does not name “{title[:60]}”")
    links = set(re.findall(rf"{BASE}/releases/[a-z0-9]{{8}}[^\s\"<]*", text))
    check.that(len(links) == len(titles), f"a letter’s text has {len(links)} links for {len(titles)} releases")
    check.that(all(link in page for link in links), "the two forms of a letter lead elsewhere")
    return message["Message-ID"]


def posted(check, path, headers, body, titles):
    """A message as the library of those who receive it takes it."""
    check.that(path == "/nato?x=1", f"a message came to {path}")
    hook = Webhook(KEY)
    try:
        told = hook.verify(body, headers)
    except WebhookVerificationError as error:
        check.that(False, f"the signature is refused: {error}")
        return
    check.that(told["type"] == "alert.found", f"a message is of type {told['type']}")
    given = sorted(plain(item["title"]) for item in told["data"]["new"]["items"])
    check.that(given == sorted(map(plain, titles)), f"a message names {given}")
    for wrong in (body.replace(b"alert.found", b"alert.lost"), body + b" "):
        try:
            hook.verify(wrong, headers)
            check.that(False, "a message that was changed is taken")
        except WebhookVerificationError:
            check.that(True, "")


def main():
    check = Check("alerts", "aiosmtpd", "standardwebhooks", "trustme")
    if not sys.platform.startswith("linux"):
        print("Left out: letters and messages over encrypted connections (only on Linux can a program be told whom to trust).")
        return
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(tls)
    # Connections that the archive ends are part of the check.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    letters = Letters()
    servers = {"starttls": mail_server(letters, tls, False), "tls": mail_server(letters, tls, True)}
    hook = Quiet(("127.0.0.1", 0), Hook)
    hook.socket = tls.wrap_socket(hook.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        trusted = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(trusted))
        data = folder / "data"
        data.mkdir()
        first = folder / "first.ndjson"
        first.write_text(json.dumps({"title": "What was there before", "body": "Nobody is told of it.", "source": "NATO"}) + "\n")
        loaded = run(data, "import", first)
        check.that(loaded.returncode == 0, f"import: {loaded.stderr}")
        write(data, servers["starttls"].port, "starttls", hook.server_port)
        began = run(data, "alerts", "run", trusting=trusted)
        check.that(began.returncode == 0 and not letters.came, f"alerts begin: {began.stdout}{began.stderr}")

        lines = [json.loads(line) for line in AWKWARD.read_text().splitlines()]
        half, known_ids = len(lines) // 2, set()
        for way, some in (("starttls", lines[:half]), ("tls", lines[half:])):
            titles = [line["title"] for line in some]
            file = folder / f"{way}.ndjson"
            file.write_text("".join(json.dumps(line) + "\n" for line in some))
            loaded = run(data, "import", file)
            check.that(loaded.returncode == 0, f"import: {loaded.stderr}")
            write(data, servers[way].port, way, hook.server_port)
            ran = run(data, "alerts", "run", trusting=trusted)
            check.that(ran.returncode == 0, f"{way}: {ran.stdout}{ran.stderr}")
            reached = sorted(to for _, _, tos, _ in letters.came for to in tos)
            check.that(reached == ["desk@example.org", "reader@example.org"], f"{way}: letters went to {reached}")
            known = all(known and sender == "archive@archive.example" for known, sender, _, _ in letters.came)
            check.that(known, f"{way}: letters came without a login")
            ids = {letter(check, raw, titles) for _, _, _, raw in letters.came}
            check.that(len(ids) == 1 and not ids & known_ids, f"{way}: {len(letters.came)} letters that say the same have the ids {ids}")
            known_ids |= ids
            check.that(len(Hook.came) == 1, f"{way}: {len(Hook.came)} messages came")
            for message in Hook.came:
                posted(check, *message, titles)
            letters.came.clear()
            Hook.came.clear()

        def refused(name, words, trusting=None):
            told = run(data, "alerts", "--test", name, trusting=trusting)
            check.that(told.returncode == 1 and words in told.stdout, f"“{words}” is wanted: {told.stdout}{told.stderr}")

        for way, server in servers.items():
            write(data, server.port, way, hook.server_port)
            refused("Letters, “all”", "The certificate of localhost is not trusted")
            write(data, server.port, way, hook.server_port, password="wrong")
            refused("Letters, “all”", "localhost does not let the archive in", trusting=trusted)
        refused("Machines", "Its certificate is not trusted")
        check.that(not letters.came and not Hook.came, "something was sent to a machine that is not trusted")
    for server in servers.values():
        server.stop()
    check.end("starttls, tls and https, letters of up to " + f"{max(half, len(lines) - half)} releases")


main()
