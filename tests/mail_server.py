"""A small mail server of the machine's own, which takes mail or does not, as it is told."""

import socketserver
import threading
import time
from contextlib import contextmanager
from email import message_from_bytes, policy


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP, keeps what it gets, and answers RCPT and DATA as it is told.

    While `mute` is true it says nothing; it waits `pause` seconds before it takes a mail.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), _Conversation)
        self.answers = {}
        self.recipients = []
        self.mails = []
        self.mute = False
        self.pause = 0.0
        self.connections = 0

    def mailers(self):
        """The setting with which a site sends through this server."""
        host, port = self.server_address
        return {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": host, "port": port, "timeout": 5},
            }
        }

    def handle_error(self, request, client_address):
        """Whoever was killed in the midst of a mail is no mistake of this server."""


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        while self.server.mute:
            time.sleep(0.1)
        self.say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper().decode()
            answer = self.server.answers.get(verb, "")
            if answer:
                self.say(answer)
            elif verb == "DATA":
                self.take()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                if verb == "RCPT":
                    self.server.recipients.append(line.decode().strip().lower())
                self.say("250 fine")

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if line:
            time.sleep(self.server.pause)
            self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.SMTP))
            self.say("250 taken")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(port=0):
    """A mail server on this machine for the time of the block."""
    with MailServer(port) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
