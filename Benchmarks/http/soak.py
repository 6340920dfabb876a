#!/usr/bin/env python3
"""Drives a service for a while with everything at once, at a bounded rate, and tells every minute what it holds.

    soak.py --server BINARY [--ledger DIRECTORY] [--minutes 60] [--events 500]

Starts the service on a free port and, each second, sends `--events` events (two thirds as NDJSON in one request, the rest one
by one) and asks for twenty reports; eight clients keep live streams, of which one leaves and comes back every few seconds;
every ten seconds one exports an agent and every other export is given up in the middle. Needs Python 3.9 and nothing else.

Printed once a minute: resident memory and its private part without file pages, open descriptors, threads, events so far,
answers that were no success, and the processor time of the minute. The exit code is 1 where an answer was wrong, or the
service did not end well.
"""
import argparse
import asyncio
import datetime
import json
import os
import re
import signal
import tempfile
import time

AGENTS = 50


class Soak:
    def __init__(self, options):
        self.options = options
        self.sent = 0
        self.failures = {}
        self.run = int(time.time())
        self.port = 0
        self.process = None

    # -- The service

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(
            self.options.server, "--ledger", self.options.ledger, "--port", "0", stderr=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL)
        opened = False
        while not (self.port and opened):
            line = (await self.process.stderr.readline()).decode()
            if not line:
                raise SystemExit("the service did not start")
            found = re.search(r"address=http://[0-9.]+:(\d+)", line)
            if found:
                self.port = int(found.group(1))
            opened = opened or "the ledger is open" in line
        self.tasks.append(asyncio.create_task(self.swallow()))

    async def swallow(self):
        while line := await self.process.stderr.readline():
            if b" error " in line or b" warning " in line:
                print(line.decode().rstrip(), flush=True)

    def status(self):
        place = f"/proc/{self.process.pid}"
        values = {}
        for name in ("status", "smaps_rollup"):
            for line in open(f"{place}/{name}"):
                parts = line.split()
                if len(parts) > 1 and parts[0].endswith(":"):
                    values[parts[0][:-1]] = parts[1]
        ticks = open(f"{place}/stat").read().rsplit(")", 1)[1].split()
        return {
            "resident": int(values["VmRSS"]) / 1024,
            "private": int(values.get("RssAnon", 0)) / 1024,
            "descriptors": len(os.listdir(f"{place}/fd")),
            "threads": int(values["Threads"]),
            "processor": (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK"),
        }

    # -- One connection

    async def ask(self, connection, method, path, body=b"", kind="application/json", expected=(200,)):
        reader, writer = connection
        writer.write(
            f"{method} {path} HTTP/1.1\r\nhost: soak\r\ncontent-type: {kind}\r\n"
            f"content-length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        status = int(head.split()[1])
        if status not in expected:
            self.failures[status] = self.failures.get(status, 0) + 1
        if "transfer-encoding: chunked" in head:
            size = 0
            while length := int((await reader.readuntil(b"\r\n")).strip(), 16):
                await reader.readexactly(length + 2)
                size += length
            await reader.readexactly(2)
            return size
        found = re.search(r"content-length: (\d+)", head)
        if found and status not in (204, 304):
            await reader.readexactly(int(found.group(1)))
            return int(found.group(1))
        return 0

    def connect(self):
        return asyncio.open_connection("127.0.0.1", self.port)

    def event(self):
        self.sent += 1
        now = datetime.datetime.now(datetime.timezone.utc)
        return json.dumps({
            "id": f"{self.run}-{self.sent}", "agent": f"agent-{self.sent % AGENTS}", "lead": f"lead-{self.sent % 997}",
            "operation": ("psychology_analysis", "property_search", "reply")[self.sent % 3],
            "time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "provider": "openai", "model": "gpt-4.1",
            "usage": {"input_tokens": 1000 + self.sent % 1000, "output_tokens": 300 + self.sent % 300},
        }).encode()

    # -- What is done again and again

    async def post(self):
        connection = await self.connect()
        events = "/api/cost-tracking/events"
        single = max(1, self.options.events // 3)
        async for _ in self.beats(1):
            lines = b"\n".join(self.event() for _ in range(self.options.events - single))
            await self.ask(connection, "POST", events, lines, "application/x-ndjson", (200, 207))
            for _ in range(single):
                await self.ask(connection, "POST", events, self.event())

    async def read(self):
        connection = await self.connect()
        count = 0
        paths = (
            "/api/cost-tracking-dashboard/overview/{}", "/api/cost-tracking/usage/{}?groupBy=day",
            "/api/cost-tracking/summary/{}", "/api/cost-monitoring/metrics/{}", "/api/cost-monitoring/trends/{}",
            "/api/cost-tracking-dashboard/alerts/{}", "/api/cost-tracking/budgets/{}",
            "/api/cost-tracking-dashboard/widgets/{}", "/api/cost-tracking/system-wide-summary", "/metrics", "/readyz")
        async for _ in self.beats(0.05):
            count += 1
            await self.ask(connection, "GET", paths[count % len(paths)].format(f"agent-{count * 7 % AGENTS}"))
            if count % 200 == 0:  # A connection of its own now and then, as browsers have it.
                connection[1].close()
                connection = await self.connect()

    async def budgets(self):
        connection = await self.connect()
        for agent in range(AGENTS):
            body = {"agentId": f"agent-{agent}", "budgetType": "monthly", "budgetAmount": 5 * (1 + agent % 10)}
            await self.ask(connection, "PUT", "/api/cost-tracking/budgets", json.dumps(body).encode())
        connection[1].close()

    async def stream(self, number):
        while True:
            reader, writer = await self.connect()
            writer.write(f"GET /api/cost-monitoring/stream/agent-{number} HTTP/1.1\r\nhost: soak\r\n\r\n".encode())
            end = time.monotonic() + (3 if number == 0 else 1e9)
            while time.monotonic() < end and await reader.read(65536):
                pass
            writer.close()

    async def export(self):
        count = 0
        async for _ in self.beats(10):
            count += 1
            connection = await self.connect()
            form = ("csv", "json")[count // 2 % 2]
            path = f"/api/cost-tracking/export/agent-{count % AGENTS}?format={form}"
            if count % 2:
                await self.ask(connection, "GET", path)
            else:
                connection[1].write(f"GET {path} HTTP/1.1\r\nhost: soak\r\n\r\n".encode())
                await connection[0].read(1000)
            connection[1].close()

    async def beats(self, seconds):
        """Yields so often, and not faster after something took long."""
        while True:
            start = time.monotonic()
            yield
            await asyncio.sleep(max(0.0, start + seconds - time.monotonic()))

    # -- All together

    async def go(self):
        self.tasks = []
        await self.start()
        await self.budgets()
        self.tasks += [asyncio.create_task(task) for task in (self.post(), self.read(), self.export())]
        self.tasks += [asyncio.create_task(self.stream(number)) for number in range(8)]
        print("minute  resident MB  private MB  descriptors  threads      events  failures  processor s", flush=True)
        former = 0.0
        for minute in range(self.options.minutes + 1):
            if minute:
                await asyncio.sleep(60)
            now = self.status()
            print(
                f"{minute:6}  {now['resident']:11.1f}  {now['private']:10.1f}  {now['descriptors']:11}  "
                f"{now['threads']:7}  {self.sent:10}  {sum(self.failures.values()):8}  "
                f"{now['processor'] - former:11.1f}", flush=True)
            former = now["processor"]
            for task in self.tasks:
                if task.done():
                    task.result()
                    raise SystemExit("something ended before its time")
        for task in self.tasks[1:]:
            task.cancel()
        self.process.send_signal(signal.SIGTERM)
        code = await self.process.wait()
        print(f"exit code {code}, statuses that were no success: {self.failures or 'none'}")
        return 0 if code == 0 and not self.failures else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True, help="the executable usage-ledger-server")
    parser.add_argument("--ledger", help="the ledger's directory; a temporary one if not given")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--events", type=int, default=500, help="events a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        options.ledger = options.ledger or directory + "/ledger"
        raise SystemExit(asyncio.run(Soak(options).go()))


main()
