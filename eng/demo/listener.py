"""Counts who connects: writes its port to the first file, and one line for each connection to the second."""

import socket
import sys

with socket.create_server(("127.0.0.1", 0)) as server:
    with open(sys.argv[1], "w", encoding="ascii") as port:
        port.write(f"{server.getsockname()[1]}\n")
    while True:
        connection, _ = server.accept()
        with connection, open(sys.argv[2], "a", encoding="ascii") as log:
            log.write("connected\n")
