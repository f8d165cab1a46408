"""A peer written from docs/protocol.md alone, in either dialect, to prove that the page suffices.

It reads every op, and writes what is plainest. `program.py` uses it.
"""

import socket
import struct
from collections import namedtuple

Symbol = namedtuple("Symbol", "name package")
Remote = namedtuple("Remote", "host process number")
Dotted = namedtuple("Dotted", "items tail")
Call = namedtuple("Call", "function arguments")
Message = namedtuple("Message", "op parts")  # what stands at top level only
NIL, T = Symbol("NIL", "COMMON-LISP"), Symbol("T", "COMMON-LISP")
KINDS = [None, "b", "h", "i", "q", "B", "H", "I", "Q", "f", "d"]
NUMBERS = {7: "i", 15: "d", 16: "f", 19: "b"}


class Unwound(Exception):
    pass


class Wire:
    def __init__(self, stream, extended, functions):
        self.stream, self.input, self.functions = stream, stream.makefile("rb"), functions
        self.kept, self.sent = {}, {}  # what the peer saved, and the symbols that we saved
        self.reads = set(range(15))  # the ops that the peer reads
        self.answers = {}  # of our waits; None as long as there is none
        self.due = None  # who gets the values of the next object
        self.extended = extended
        if extended:
            stream.sendall(self.write("wire-hello/1 ops=15-29"))

    # Reading.

    def octets(self, count):
        octets = self.input.read(count)
        if len(octets) < count:
            raise EOFError
        return octets

    def unpack(self, form):
        return struct.unpack(">" + form, self.octets(struct.calcsize(">" + form)))[0]

    def varint(self):
        number = shift = 0
        while (octet := self.unpack("B")) & 0x80:
            number, shift = number | (octet & 0x7F) << shift, shift + 7
        return number | octet << shift

    def text(self):
        return self.octets(self.unpack("I")).decode()

    def objects(self, count):
        return [self.read() for _ in range(count)]

    def read(self):
        op = self.unpack("B")
        if op <= 6:
            count = op if op < 6 else self.unpack("B")
            return Call(self.read(), self.objects(count))
        if op in NUMBERS:
            return self.unpack(NUMBERS[op])
        if op == 8:
            return self.text()
        if op == 9:
            symbol = Symbol(self.text(), self.text())
            return {NIL: None, T: True}.get(symbol, symbol)
        if op == 10:
            index = self.unpack("I")
            self.kept[index] = self.read()
            return self.kept[index]
        if op in (11, 20):
            return self.kept[self.unpack("I") if op == 11 else self.varint()]
        if op == 12:
            return Remote(self.unpack("I"), self.unpack("I"), self.unpack("I"))
        if op == 13:
            return self.conses()
        if op == 14:
            count = self.unpack("i")
            magnitude = int.from_bytes(self.octets(4 * abs(count)), "big")
            return -magnitude if count < 0 else magnitude
        if op == 17:
            return self.octets(self.unpack("I"))
        if op == 18:
            kind, count = KINDS[self.unpack("B") & 0x7F], self.unpack("I")
            return [self.unpack(kind) for _ in range(count)] if kind else self.objects(count)
        if op == 21:
            count = self.unpack("B")
            keys, values = self.read(), self.objects(count)
            return [part for pair in zip(keys, values) for part in pair]
        return Message(op, self.parts(op))

    def conses(self):
        """A chain of conses, without recursion: lists are long."""
        items = [self.read()]
        while (octet := self.input.peek(1)[:1]) == b"\x0d":
            self.octets(1)
            items.append(self.read())
        if not octet:
            raise EOFError
        tail = self.read() or []
        return items + tail if isinstance(tail, list) else Dotted(items, tail)

    def parts(self, op):
        if op == 22:
            want = self.unpack("B")
            id, function, count = self.varint() if want else None, self.varint(), self.unpack("B")
            function = self.kept[function - 1] if function else self.read()
            return want, id, Call(function, self.objects(count))
        if op == 23:
            return self.varint(), self.objects(self.unpack("B"))
        if op == 24:
            return self.varint(), self.read()
        if op == 25:
            return self.unpack("I"), self.varint()
        if op in (27, 28):
            return (self.unpack("I"),)
        return (self.varint() if op == 26 else self.read(),)

    # Writing.

    def write(self, value):
        if value is None or value is False or value == []:
            return self.symbol(NIL)
        if value is True:
            return self.symbol(T)
        if isinstance(value, Symbol):
            return self.symbol(value)
        if isinstance(value, int):
            return self.integer(value)
        if isinstance(value, str):
            return struct.pack(">BI", 8, len(value.encode())) + value.encode()
        if isinstance(value, bytes):
            return struct.pack(">BI", 17, len(value)) + value
        if isinstance(value, float):
            return struct.pack(">Bd", 15, value)
        if isinstance(value, Remote):
            return struct.pack(">BIII", 12, *value)
        if isinstance(value, Call):
            count = len(value.arguments)
            op = bytes([count]) if count <= 5 else bytes([6, count])
            return op + self.symbol(value.function) + self.all(value.arguments)
        if isinstance(value, Dotted):
            return self.chain(value.items) + self.write(value.tail)
        if 18 in self.reads:
            return struct.pack(">BBI", 18, 0, len(value)) + self.all(value)
        return self.chain(value) + self.symbol(NIL)

    def all(self, values):
        return b"".join([self.write(value) for value in values])

    def chain(self, items):
        return b"".join([b"\x0d" + self.write(item) for item in items])

    def integer(self, value):
        if -(2**7) <= value < 2**7 and 19 in self.reads:
            return struct.pack(">Bb", 19, value)
        if -(2**31) <= value < 2**31:
            return struct.pack(">Bi", 7, value)
        words = (abs(value).bit_length() + 31) // 32
        sign = -words if value < 0 else words
        return struct.pack(">Bi", 14, sign) + abs(value).to_bytes(4 * words, "big")

    def symbol(self, symbol):
        if symbol in self.sent:
            return struct.pack(">BI", 11, self.sent[symbol])
        self.sent[symbol] = len(self.sent)
        parts = [struct.pack(">I", len(part.encode())) + part.encode() for part in symbol]
        return struct.pack(">BIB", 10, self.sent[symbol], 9) + b"".join(parts)

    # Calling.

    def call(self, name, *arguments, want=1):
        """The values of a call, as many as are wanted; 6 are all. Of one, the value itself."""
        call, id = Call(Symbol(name, "COMMON-LISP-USER"), arguments), len(self.answers)
        compact = 22 in self.reads
        if compact:
            head = bytes([22, want]) + (varint(id) if want else b"") + bytes([0, len(arguments)])
            self.stream.sendall(head + self.symbol(call.function) + self.all(arguments))
        else:
            name = f"DO-{'N' if want == 6 else want}-VALUE-CALL"
            ask = self.write(Call(wire(name), [Remote(1, 1, id)])) if want else b""
            self.stream.sendall(ask + self.write(call))
        if want == 0:
            return None
        self.answers[id] = None
        while self.answers[id] is None:
            self.handle()
        answer = self.answers[id]
        if isinstance(answer, Unwound):
            raise answer
        if want == 6:
            return answer if compact else answer[0]
        return answer[0] if want == 1 else answer

    def release(self, remote, count):
        if 25 in self.reads:
            self.stream.sendall(struct.pack(">BI", 25, remote.number) + varint(count))

    def close(self):
        if 29 in self.reads:
            self.stream.sendall(b"\x1d" + self.write("done"))
        self.stream.shutdown(socket.SHUT_WR)
        self.serve()

    def serve(self):
        try:
            while True:
                self.handle()
        except EOFError:
            pass

    # Being called.

    def handle(self):
        """Reads one object at top level, and does what it asks."""
        read = self.read()
        if isinstance(read, Message):
            self.message(*read)
        elif isinstance(read, Call) and read.function.package == "WIRE":
            self.value(read)
        elif self.due:
            (token, want), self.due = self.due, None
            self.run(
                read,
                lambda values: self.returned(token, want, values),
                lambda why: self.write(Call(wire("REMOTE-RETURN-ABORT"), [token])),
            )
        elif isinstance(read, Call):
            self.run(read)
        elif isinstance(read, str) and read.startswith("wire-hello/1 ") and self.extended:
            self.heard(read)

    def message(self, op, parts):
        if op == 22:
            want, id, call = parts
            self.run(
                call,
                want and (lambda values: self.compact(id, values[: want if want < 6 else None])),
                lambda why: b"\x18" + varint(id) + self.write(reason(why)),
            )
        elif op == 23:
            self.answers[parts[0]] = parts[1] or [None]
        elif op == 24:
            message = parts[1].index(Symbol("MESSAGE", "KEYWORD")) + 1
            self.answers[parts[0]] = Unwound(parts[1][message])
        elif op == 25:
            print("released", *parts, flush=True)
        elif op == 27:
            self.stream.sendall(struct.pack(">BI", 28, *parts))

    def run(self, form, returned=None, unwound=None):
        try:
            value = self.value(form)
            answer = returned and returned(value if type(value) is tuple else (value,))
        except Exception as why:
            answer = returned and unwound(why)
        if answer:
            self.stream.sendall(answer)

    def value(self, form):
        """What a call evaluates to, its arguments first; anything else is its own value."""
        if not isinstance(form, Call):
            return form
        name, arguments = form.function.name, [self.value(part) for part in form.arguments]
        arguments = [part[0] if type(part) is tuple else part for part in arguments]
        if form.function.package != "WIRE":
            return self.functions[name](self, *arguments)
        if name.startswith("DO-"):
            self.due = arguments[0], 6 if name[3] == "N" else int(name[3])
        elif name.startswith("RETURN-"):
            self.answers[arguments[0].number] = arguments[1:]
        elif name == "REMOTE-RETURN-ABORT":
            self.answers[arguments[0].number] = Unwound("for no reason")
        return None

    def returned(self, token, want, values):
        if want == 6:
            return self.write(Call(wire("RETURN-1-VALUE"), [token, list(values)]))
        values = [*values, None, None, None, None, None][:want]
        name = f"RETURN-{want}-VALUE" + ("S" if want > 1 else "")
        return self.write(Call(wire(name), [token, *values]))

    def compact(self, id, values):
        return b"\x17" + varint(id) + bytes([len(values)]) + self.all(values)

    def heard(self, hello):
        for word in hello.split(" "):
            if word.startswith("ops="):
                for ops in filter(None, word[4:].split(",")):
                    first, _, last = ops.partition("-")
                    self.reads |= set(range(int(first), int(last or first) + 1))


def wire(name):
    return Symbol(name, "WIRE")


def reason(why):
    condition = wire(type(why).__name__.upper())
    return [Symbol("CONDITION", "KEYWORD"), condition, Symbol("MESSAGE", "KEYWORD"), str(why)]


def varint(number):
    octets = []
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])
