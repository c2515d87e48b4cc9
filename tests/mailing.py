"""Mail in tests: running what waits, and a mail server that takes it or does not."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy

from articles.management.task_worker import make_worker, run_next

IN_MEMORY = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def run_what_waits():
    """Run every task that is due, as the worker of a site would; how many there were."""
    worker = make_worker()
    count = 0
    while run_next(worker):
        count += 1
    return count


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP, keeps what it gets, and answers RCPT and DATA as it is told."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers = {}
        self.recipients = []
        self.mails = []

    def mailers(self):
        """The setting with which a site sends through this server."""
        host, port = self.server_address
        return {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": host, "port": port, "timeout": 5},
            }
        }


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper().decode()
            answer = self.server.answers.get(verb, "")
            if answer:
                self.say(answer)
            elif verb == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.SMTP))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                if verb == "RCPT":
                    self.server.recipients.append(line.decode().strip().lower())
                self.say("250 fine")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server():
    """A mail server on this machine for the time of the block."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
