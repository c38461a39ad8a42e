"""The world outside: it counts what reaches it, and remembers under which key.

It prints its port. POST /ID is one request with that name; GET / says what was counted. With a pause it answers that
much later than it counts, so that whoever asked can die in between.
"""

import collections
import http.server
import json
import sys
import time

PAUSE = float(sys.argv[1])
REQUESTS = collections.Counter()
KEYS = collections.defaultdict(list)


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name, key = self.path[1:], self.headers.get("Idempotency-Key", "")
        REQUESTS[name] += 1
        if key not in KEYS[name]:
            KEYS[name].append(key)
        time.sleep(PAUSE)
        self.answer({})

    def do_GET(self):
        self.answer({name: {"requests": REQUESTS[name], "keys": KEYS[name]} for name in REQUESTS})

    def answer(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


with Server(("127.0.0.1", 0), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
