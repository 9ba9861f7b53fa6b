"""An HTTP gateway whose behaviour follows from the path; prints one JSON line per request it read."""
import json
import os
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

ANSWERS = {
    "/kannel": (202, "0: Accepted for delivery"),
    "/id": (200, "OK id=ABC-77"),
    "/broken": (500, "Internal Server Error"),
    "/away": (503, "Temporal failure, try again later."),
    "/credit": (200, "ERROR 12: no credit"),
    "/number": (200, "ERROR 21: bad number +48600100200"),
    "/html": (200, "<html><body>Welcome</body></html>"),
    "/empty": (200, ""),
    "/denied": (403, "Authorization failed for sendsms"),
    "/wrong": (400, "missing parameter"),
    "/big": (200, "x" * 200_000),
    "/error": (200, "Something went wrong"),
    "/cut": (200, "OK id="),
    "/bytes": (200, b"\xff\xfe\x00\x81 id=\x00\xc3"),
    "/badid": (200, b"OK id=\x00\xc3\xff"),
}
LATE = threading.Event()


def say(**event):
    print(json.dumps(event), flush=True)


class Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        say(event="request", method=self.command, path=parts.path, query=parts.query, body=body.decode("latin-1"),
            connection=self.client_address[1], type=self.headers.get("Content-Type") or "",
            key=self.headers.get("X-Key") or "")
        if parts.path == "/hang":
            threading.Event().wait()
        if parts.path == "/late":
            LATE.wait()
            parts = urlsplit("/id")
        elif parts.path == "/after":
            LATE.set()
            parts = urlsplit("/id")
        if parts.path == "/reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        if parts.path == "/drop":
            self.close_connection = True
            return
        if parts.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/kannel")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if parts.path == "/midway":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"OK id=")
            self.close_connection = True
            return
        status, text = ANSWERS[parts.path]
        content = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, *ignored):
        pass


def end_with_input():
    """The test writes a line, or is gone: either ends this peer."""
    sys.stdin.readline()
    say(event="end")
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
server.daemon_threads = True
say(event="ready", port=server.server_address[1])
server.serve_forever()
