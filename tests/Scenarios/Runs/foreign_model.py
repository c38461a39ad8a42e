"""A model server that shares no line with Reeve's own: both dialects, and every vice a scenario asks for.

It prints its port, then one line for each request. Where a conversation stands follows from the replies in it;
how often a turn was asked is counted, so that a vice can pass.
"""

import collections
import http.server
import json
import sys
import time

FIND = ("edit", {"path": "calc.py", "oldText": "a - b", "newText": "a + b"})
DONE = ("finish", {"summary": "Mended, and the tests pass."})
EVIL = ("shell", {"command": "touch evil"})
HOSTILE = "\x1b]52;c;aGVsbG8=\x07\x1b]0;owned\x07\x1b[2J\x1b[31m\u202egnp.exe \x9b31m \x00 text"


def say(text="", *calls):
    return {"text": text, "calls": [(name, json.dumps(arguments)) for name, arguments in calls]}


def raw(*calls):
    return {"text": "", "calls": list(calls)}


LOOK = say("I look.", ("read", {"path": "calc.py"}), ("read", {"path": "test_calc.py"}), ("tree", {"path": "."}))
HONEST = [LOOK, say("", FIND), say("", DONE)]
LIES = [say("All tests pass now. I have mended the fault.")] * 50

# of a scenario: its turns, and by turn the vices of the first attempts
SCENARIOS = {
    "honest": (HONEST, {}),
    "busy": (HONEST, {0: ["429"], 1: ["500"], 2: ["529"]}),
    "cut": ([LOOK, say("", FIND), say("", DONE)], {1: ["cut"]}),
    "half": ([LOOK, say("", FIND), say("", DONE)], {1: ["no-end"]}),
    "garbled": (HONEST, {0: ["garbled"], 1: ["garbled"]}),
    "page": (HONEST, {0: ["page"] * 50}),
    "badjson": ([raw(("edit", '{"path": "calc.py", "oldText": '), ("read", "[1,2"), ("read", "null")), *HONEST], {}),
    "lies": (LIES, {}),
    "finishlies": ([say("", DONE)] * 50, {}),
    "silent": (HONEST, {0: ["silence"] * 50}),
    "pause": (HONEST, {0: ["silence"]}),
    "mute": (HONEST, {0: ["mute"] * 50}),
    "refuses": (HONEST, {0: ["401"] * 50}),
    "rejects": (HONEST, {0: ["400"] * 50}),
    "fails": (HONEST, {0: ["500"] * 50}),
    "broken": (HONEST, {0: ["garbled"] * 50}),
    "long": (HONEST, {2: ["long"]}),
    "toolong": (HONEST, {turn: ["long"] * 50 for turn in range(1, 50)}),
    "noise": (HONEST, {0: ["noise"] * 50}),
    "hostile": ([say(HOSTILE, ("sh\x1b[2Jell\n", {"a": 1}), ("read", {"path": HOSTILE}),
                     ("shell", {"command": "printf '\\033]52;c;eA==\\007\\033[2J'; exit 3"})),
                 say(HOSTILE, FIND), say("", ("finish", {"summary": HOSTILE}))], {}),
    "huge": ([say("x" * 3_000_000, ("read", {"path": "calc.py"})), say("", FIND), say("", DONE)], {}),
    "padded": (HONEST, {0: ["padding"] * 50}),
    "crowd": ([say("", *[("read", {"path": "calc.py"})] * 5_000), say("", FIND), say("", DONE)], {}),
    "escapes": ([say("", ("read", {"path": "../../../../etc/passwd"}), ("read", {"path": "/etc/passwd"}),
                     ("write", {"path": "../evil", "content": "x"}), ("write", {"path": "a/../../evil", "content": "x"}),
                     ("shell", {"command": "touch ../evil /evil", "directory": "../.."})),
                 say("", FIND), say("", DONE)], {}),
}

TURNS, VICES = SCENARIOS[sys.argv[1]]
ASKED = collections.Counter()


def openai_events(reply):
    def delta(part, finish=None):
        body = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "foreign",
                "choices": [{"index": 0, "delta": part, "finish_reason": finish}]}
        return "data: " + json.dumps(body, ensure_ascii=False) + "\n\n"

    yield delta({"role": "assistant", "content": ""})
    for start in range(0, len(reply["text"]), 4096):
        yield delta({"content": reply["text"][start:start + 4096]})
    for index, (name, _) in enumerate(reply["calls"]):
        yield delta({"tool_calls": [{"index": index, "id": f"call{index}", "type": "function",
                                     "function": {"name": name, "arguments": ""}}]})
    # The arguments of parallel calls come in turns, a few letters each.
    step = 7 if len(reply["calls"]) < 50 else 4096
    longest = max([len(arguments) for _, arguments in reply["calls"]], default=0)
    for start in range(0, longest, step):
        for index, (_, arguments) in enumerate(reply["calls"]):
            if arguments[start:start + step]:
                yield delta({"tool_calls": [{"index": index, "function": {"arguments": arguments[start:start + step]}}]})
    yield delta({}, "tool_calls" if reply["calls"] else "stop")
    yield "data: [DONE]\n\n"


def anthropic_events(reply):
    def event(body):
        return f"event: {body['type']}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n"

    yield event({"type": "message_start", "message": {
        "id": "m1", "type": "message", "role": "assistant", "model": "foreign", "content": [],
        "stop_reason": None, "usage": {"input_tokens": 10, "output_tokens": 1}}})
    yield event({"type": "ping"})
    blocks = [("text", reply["text"])] if reply["text"] else []
    for index, (kind, text) in enumerate(blocks):
        yield event({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}})
        for start in range(0, len(text), 4096):
            yield event({"type": "content_block_delta", "index": index,
                         "delta": {"type": "text_delta", "text": text[start:start + 4096]}})
        yield event({"type": "content_block_stop", "index": index})
    for number, (name, arguments) in enumerate(reply["calls"]):
        index = len(blocks) + number
        yield event({"type": "content_block_start", "index": index,
                     "content_block": {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": {}}})
        for start in range(0, len(arguments), 7):
            yield event({"type": "content_block_delta", "index": index,
                         "delta": {"type": "input_json_delta", "partial_json": arguments[start:start + 7]}})
        yield event({"type": "content_block_stop", "index": index})
    yield event({"type": "message_delta", "delta": {"stop_reason": "tool_use" if reply["calls"] else "end_turn"},
                 "usage": {"output_tokens": 20}})
    yield event({"type": "message_stop"})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        turn = sum(message["role"] == "assistant" for message in request["messages"])
        vices = VICES.get(turn, [])
        vice = vices[ASKED[turn]] if ASKED[turn] < len(vices) else ""
        ASKED[turn] += 1
        print(f"turn {turn} attempt {ASKED[turn]} {vice}", flush=True)
        reply = TURNS[min(turn, len(TURNS) - 1)]
        events = openai_events if self.path.endswith("/chat/completions") else anthropic_events

        if vice in ("400", "401", "429", "500", "529"):
            return self.refuse(int(vice))
        if vice == "long":
            return self.answer(400, json.dumps({"type": "error", "error": {
                "type": "invalid_request_error", "message": "prompt is too long: 9 tokens > 8 maximum"}}).encode(),
                "application/json")
        if vice == "page":
            return self.answer(200, b"<html><body>502 Bad Gateway</body></html>", "text/html")
        if vice == "garbled":
            return self.answer(200, b"data: {not json\n\ndata: [DONE]\n\n")
        if vice == "noise":
            self.wfile.write(b"\x16\x03\x01 this is no HTTP \r\n\r\n")
            self.close_connection = True
            return None
        if vice == "mute":
            return time.sleep(3600)
        self.stream(events, reply, vice)
        return None

    def refuse(self, status):
        body = json.dumps({"type": "error", "error": {"type": "overloaded_error", "message": "come back later"}})
        self.answer(status, body.encode(), "application/json", {"Retry-After": "1"} if status == 429 else {})

    def answer(self, status, body, kind="text/event-stream", headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def stream(self, events, reply, vice):
        if vice in ("cut", "no-end", "silence"):
            # What must never run: whole calls, before the end that never comes.
            reply = say("", EVIL, EVIL)
        whole = list(events(reply))
        if vice == "padding":
            # Comments of the stream, which are none of the reply.
            whole = [": " + "x" * 1_000 + "\n\n"] * 3_000 + whole
        elif vice:
            whole = whole[:-3] if vice == "no-end" else whole[:-4]
        data = "".join(whole).encode()

        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        # Pieces of an odd length, so that letters, lines and events are cut anywhere.
        step = 13 if len(data) < 20_000 else 65_537
        for start in range(0, len(data), step):
            piece = data[start:start + step]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.flush()
        if vice == "silence":
            time.sleep(3600)
        if vice == "cut":
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


with Server(("127.0.0.1", 0), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
