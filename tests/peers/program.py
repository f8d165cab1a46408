"""What the tests have a peer in Python do.

    program.py call PORT DIALECT     calls a Rust server, and prints what comes
    program.py serve DIALECT         serves one Rust client, at the port that it prints
"""

import socket
import sys

from peer import Call, Remote, Symbol, Unwound, Wire

THINGS = {}


def new_thing(wire, text):
    thing = Remote(1, 1, 1 << 30 | len(THINGS))
    THINGS[thing] = text
    return thing


FUNCTIONS = {
    "ADD": lambda wire, a, b: a + b,
    "TWICE": lambda wire, n: 2 * n,
    "DIVIDE": lambda wire, a, b: (a // b, a % b),
    "SEVEN": lambda wire: (1, 2, 3, 4, 5, 6, 7),
    "ECHO": lambda wire, value: value,
    "BY-WAY-OF-YOU": lambda wire, n: 1 + wire.call("TWICE", n),
    "NEW-THING": new_thing,
    "THING-TEXT": lambda wire, thing: THINGS[thing],
}


def call(port, extended):
    wire = Wire(socket.create_connection(("127.0.0.1", port)), extended, FUNCTIONS)
    print(wire.call("ADD", 3, 4))
    print(wire.call("ADD", 2**31, -(2**40)))
    print(*wire.call("DIVIDE", 17, 5, want=2))
    print(*wire.call("SEVEN", want=6))
    wire.call("NOTE", "for its effect", want=0)
    print(wire.call("BY-WAY-OF-YOU", 20))
    print(wire.call("ADD", Call(Symbol("ADD", "COMMON-LISP-USER"), [1, 2]), 3))
    print(wire.call("ECHO", ["ü", [1, None, True], Symbol("ID", "KEYWORD"), list(range(300))])[:3])
    print(wire.call("ECHO", [1.5, b"\xff"] if extended else "no floats"))
    thing = wire.call("NEW-THING", "lamp")
    print(wire.call("THING-TEXT", thing))
    wire.release(thing, 1)
    for name, *arguments in ["DIVIDE", 1, 0], ["NO-SUCH-THING"], ["THING-TEXT", thing]:
        try:
            print(wire.call(name, *arguments))
        except Unwound as why:
            print("unwound:", why)
    wire.close()


def serve(extended):
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    wire = Wire(server.accept()[0], extended, FUNCTIONS)
    wire.serve()
    wire.close()


if sys.argv[1] == "call":
    call(int(sys.argv[2]), sys.argv[3] == "extended")
else:
    serve(sys.argv[2] == "extended")
