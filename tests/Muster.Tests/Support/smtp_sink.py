"""A real SMTP server for the tests: keeps every message it accepted, and misbehaves on request.

Started with the path of the file to keep messages in: one JSON line each, written and flushed before the server says 250.
Orders come as JSON lines on standard input and are answered with "ok"; the end of standard input ends the server.
    refuse      {"address": "550 5.1.1 No such user"}   the answer to RCPT TO for these addresses
    delay       seconds to wait before answering the end of a message
    drop        "" | "before" | "after"   cut the connection at the end of a message, before or after keeping it
    drop_next   how many messages to do that to (0: all of them)
"""

import asyncio
import base64
import json
import logging
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    def __init__(self, path):
        self.kept = open(path, "a", encoding="utf-8")
        self.orders = {"refuse": {}, "delay": 0, "drop": "", "drop_next": 0}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        refusal = self.orders["refuse"].get(address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.orders["delay"]:
            await asyncio.sleep(self.orders["delay"])
        drop = self.drop()
        if drop != "before":
            self.keep(session, envelope)
        if drop:
            server.transport.abort()
        return "250 OK"

    def drop(self):
        drop = self.orders["drop"]
        if drop and self.orders["drop_next"]:
            self.orders["drop_next"] -= 1
            if not self.orders["drop_next"]:
                self.orders["drop"] = ""
        return drop

    def keep(self, session, envelope):
        message = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "user": session.auth_data,
            "content": base64.b64encode(envelope.content).decode("ascii"),
        }
        self.kept.write(json.dumps(message) + "\n")
        self.kept.flush()


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=True, auth_data=data.login.decode("utf-8", "replace"))


async def serve(path):
    loop = asyncio.get_running_loop()
    sink = Sink(path)

    def connection():
        return SMTP(
            sink,
            hostname="sink.test",
            enable_SMTPUTF8=True,
            authenticator=authenticate,
            auth_require_tls=False,
            loop=loop,
        )

    listening = await loop.create_server(connection, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)

    orders = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        sink.orders.update(json.loads(line))
        print("ok", flush=True)


if __name__ == "__main__":
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    asyncio.run(serve(sys.argv[1]))
