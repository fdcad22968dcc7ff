"""Serves a folder on 127.0.0.1 with the faults of real mirrors. Prints its port, then logs each request to a file:
path, range header (or -)."""

import argparse
import http.server
import pathlib
import time

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("log", type=pathlib.Path)
parser.add_argument("--break-after", type=int, help="close the connection after so many bytes of a body")
parser.add_argument("--breaks", type=int, default=1, help="how many bodies to break")
parser.add_argument("--stall-after", type=int, help="send so many bytes, then nothing more")
parser.add_argument("--ignore-range", action="store_true")
parser.add_argument("--rate", type=int, help="bytes per second")
parser.add_argument("--redirect", action="store_true", help="answer /x with a redirect to /moved/x")
options = parser.parse_args()


class Mirror(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        wanted = self.headers.get("Range", "-")
        with options.log.open("a") as log:
            log.write(f"{self.path} {wanted}\n")
        if options.redirect and not self.path.startswith("/moved"):
            return self.answer(302, {"Location": "/moved" + self.path}, b"moved")
        file = options.folder / self.path.removeprefix("/moved").lstrip("/")
        if not file.is_file():
            return self.answer(404, {}, b"not here")
        body = file.read_bytes()
        if wanted == "-" or options.ignore_range:
            return self.answer(200, {}, body)
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(body):
            return self.answer(416, {"Content-Range": f"bytes */{len(body)}"}, b"")
        content_range = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.answer(206, {"Content-Range": content_range}, body[start:])

    def answer(self, status, headers, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.send_body(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def send_body(self, body):
        if options.break_after is not None and options.breaks > 0 and len(body) > options.break_after:
            options.breaks -= 1
            self.wfile.write(body[: options.break_after])
            self.close_connection = True
        elif options.stall_after is not None:
            self.wfile.write(body[: options.stall_after])
            self.wfile.flush()
            time.sleep(30)
        elif options.rate:
            for start in range(0, len(body), options.rate // 20):
                self.wfile.write(body[start : start + options.rate // 20])
                time.sleep(0.05)
        else:
            self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
