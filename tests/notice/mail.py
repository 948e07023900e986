# SPDX-License-Identifier: Apache-2.0
"""A small SMTP server on loopback that keeps what it is given: mail.py PORT-FILE LETTERS CERT. It speaks STARTTLS.
later@…: 451 once, then taken. nobody@…: 550. Letters are appended to LETTERS as JSON lines."""
import base64
import json
import pathlib
import socketserver
import ssl
import sys
import threading

seen_later = set()


class Talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def secure(self):
        self.say("220 go on")
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def body(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def handle(self):
        tls, user, sender, to = False, "", "", ""
        self.say("220 mail.example.com ready")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            word = line.split(" ")[0].split(":")[0].upper()
            if word == "EHLO":
                self.wfile.write(b"250-mail.example.com\r\n")
                self.say("250 AUTH PLAIN" if tls else "250 STARTTLS")
            elif word == "STARTTLS":
                self.secure()
                tls = True
            elif word == "AUTH":
                secret = line.split(" ")[2] if len(line.split(" ")) > 2 else (self.say("334 "), self.rfile.readline().decode().strip())[1]
                user = base64.b64decode(secret).decode().split("\0")[1:]
                self.say("235 welcome")
            elif word == "MAIL":
                sender = line
                self.say("250 ok")
            elif word == "RCPT":
                to = line[line.index("<") + 1:line.index(">")]
                if to.startswith("nobody@"):
                    self.say("550 5.1.1 no such user")
                elif to.startswith("later@") and to not in seen_later:
                    seen_later.add(to)
                    self.say("451 4.7.1 greylisted, try again later")
                else:
                    self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                data = self.body().decode()
                with self.server.letters.open("a") as f:
                    f.write(json.dumps({"tls": tls, "user": user, "from": sender, "to": to, "data": data}) + "\n")
                Server.count += 1
                self.say(f"250 2.0.0 Ok: queued as 4F{Server.count:04d}")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address, count = True, True, 0
    letters = pathlib.Path(sys.argv[2])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


Server.tls.load_cert_chain(sys.argv[3])
first = Server(("127.0.0.1", 0), Talk)
port = first.server_address[1]
second = Server(("127.0.0.2", port), Talk)  # no name of "this machine": there TLS is not left to chance
threading.Thread(target=second.serve_forever, daemon=True).start()
pathlib.Path(sys.argv[1] + ".tmp").write_text(str(port))
pathlib.Path(sys.argv[1] + ".tmp").rename(sys.argv[1])
first.serve_forever()
