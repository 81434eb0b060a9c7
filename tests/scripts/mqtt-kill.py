#!/usr/bin/env python3
"""Shows that `modem mqtt pub --stdin` loses nothing, whatever dies in between.

Numbered messages go through `modem simulate` to mosquitto. Meanwhile this script kills the publishing process (SIGKILL),
resets the module and restarts the broker, at random moments. At a subscriber no number may be missing; at QoS 2 none may
be published twice. After a kill it begins again at the first key that was not printed, as docs/cli.md says.

Prints its figures. Exit code 0: all as promised; 1: a loss, a double, or no end in time; 2: something is not installed.
Every process that it ends is one that it has started.
"""
import argparse
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOPIC = "kill/numbers"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--modem", required=True, help="the built tool: src/ModemDriver.Cli/bin/Release/net10.0/modem")
    parser.add_argument("--messages", type=int, default=10_000, help="for each QoS")
    parser.add_argument("--kills", type=int, default=50, help="of the publishing process")
    parser.add_argument("--resets", type=int, default=50, help="of the module")
    parser.add_argument("--restarts", type=int, default=0, help="of the broker")
    parser.add_argument("--qos", type=int, action="append", choices=[1, 2], help="1 and 2 unless given")
    parser.add_argument("--personality", default="esp-at", help="of the simulated module")
    parser.add_argument("--seed", type=int, default=None, help="of the moments; printed")
    parser.add_argument("--limit", type=int, default=1800, help="seconds for each QoS")
    return parser.parse_args()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, deadline):
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


class Broker:
    """mosquitto, with its store in a file: a restart keeps its sessions and what waits in them."""

    def __init__(self, folder, port):
        self.port = port
        self.config = os.path.join(folder, "mosquitto.conf")
        self.log = open(os.path.join(folder, "mosquitto.log"), "ab")
        with open(self.config, "w", encoding="utf-8") as config:
            config.write(
                f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\npersistence true\n"
                f"persistence_location {folder}/\nuser {pwd.getpwuid(os.getuid()).pw_name}\n")
        self.process = None

    def start(self):
        self.process = subprocess.Popen(["mosquitto", "-c", self.config], stdout=self.log, stderr=self.log)
        wait_for_port(self.port, time.monotonic() + 20)

    def stop(self):
        # SIGTERM: it writes its store. What a broker loses in a crash of its own is not what is shown here.
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Simulator:
    """`modem simulate`, which resets its module on an order."""

    def __init__(self, modem, personality, folder):
        self.process = subprocess.Popen(
            [modem, "simulate", "--personality", personality, "--unpaced", "--control"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(os.path.join(folder, "simulate.log"), "wb"))
        self.port = self.process.stdout.readline().decode().strip()

    def reset(self):
        self.process.stdin.write(b"reset\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Subscriber:
    """mosquitto_sub with a session that lasts; comes back when the broker does."""

    def __init__(self, port, qos):
        self.command = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-t", TOPIC, "-q", str(qos),
                        "-i", f"killsub{qos}", "-c", "-F", "%p %m"]
        self.heard = []
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        # mosquitto_sub reconnects by itself, and keeps its half of the QoS 2 exchanges while it lives.
        for line in self.process.stdout:
            number, identifier = line.split()
            self.heard.append((int(number), int(identifier)))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.thread.join(20)


class Gate:
    """How many messages may be handed in: no more than a few past the next trouble that has not come yet.

    A fast machine cannot run ahead of what is planned for it: each trouble finds messages on their way, and none is left out.
    """

    AHEAD = 40

    def __init__(self, messages, plans):
        self.messages, self.plans = messages, plans

    def limit(self):
        waiting = [plan.at[plan.done] for plan in self.plans if plan.done < len(plan.at)]
        return min([self.messages] + [moment + self.AHEAD for moment in waiting])


class Plan:
    """One kind of trouble: after how many messages at the subscriber each one comes, and how many have come."""

    def __init__(self, what, at):
        self.what, self.at, self.done = what, at, 0

    def due(self, heard):
        return self.done < len(self.at) and heard >= self.at[self.done]


class Publisher:
    """`modem mqtt pub --stdin`, fed line by line as far as the gate allows, its keys counted."""

    def __init__(self, modem, port, broker, qos, outbox, lines, first, gate, log):
        self.keys = []
        self.ended = threading.Event()
        self.process = subprocess.Popen(
            [modem, "mqtt", "pub", TOPIC, "--port", port, "--broker", f"127.0.0.1:{broker}", "--qos", str(qos),
             "--outbox", outbox, "--stdin", "--drain", "120"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.feeder = threading.Thread(target=self.feed, args=(lines, first, gate), daemon=True)
        self.feeder.start()

    def feed(self, lines, first, gate):
        try:
            number = first
            while number < len(lines):
                limit = gate.limit()
                if number >= limit:
                    if self.ended.wait(0.002):
                        return
                    continue
                self.process.stdin.write(b"".join(lines[number:limit]))
                self.process.stdin.flush()
                number = limit
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # it was killed; the next one begins at the first key that was not printed

    def read(self):
        for line in self.process.stdout:
            # A line without an end is a key that was being printed when the process died.
            if line.endswith(b"\n"):
                self.keys.append(line[:-1].decode())

    def kill(self):
        self.process.kill()

    def wait(self, seconds):
        code = self.process.wait(seconds)
        self.ended.set()
        self.reader.join(20)
        self.feeder.join(20)
        return code


def moments(count, messages, rng):
    """After how many messages at the subscriber each one comes: spread over the run, each at random in its part."""
    share = messages / (count + 1) if count else 0
    return sorted(int(share * (i + rng.random())) + 1 for i in range(count))


class Trouble(threading.Thread):
    """Resets or restarts when the subscriber has got so far."""

    def __init__(self, plan, action, progress):
        super().__init__(daemon=True)
        self.plan, self.action, self.progress = plan, action, progress
        self.stopped = threading.Event()
        self.failure = None

    def run(self):
        try:
            while self.plan.done < len(self.plan.at):
                if not self.plan.due(self.progress()):
                    if self.stopped.wait(0.002):
                        return
                    continue
                self.action()
                self.plan.done += 1
        except Exception as failure:  # shown by the main thread, which ends the run
            self.failure = failure

    def stop(self):
        self.stopped.set()
        self.join(30)


def publish_all(options, simulator, broker, subscriber, qos, folder, kills, gate, deadline):
    outbox = os.path.join(folder, f"outbox-{qos}.db")
    keys = [f"{qos}-{number}" for number in range(1, options.messages + 1)]
    lines = [f"{key}\t{number}\n".encode() for number, key in enumerate(keys, 1)]
    printed = 0
    starts = 0
    with open(os.path.join(folder, f"pub-{qos}.log"), "ab") as log:
        while True:
            publisher = Publisher(
                options.modem, simulator.port, broker.port, qos, outbox, lines, printed, gate, log)
            starts += 1
            while publisher.process.poll() is None and time.monotonic() < deadline:
                if kills.due(len(subscriber.heard)):
                    publisher.kill()
                    kills.done += 1
                    break
                time.sleep(0.002)
            if time.monotonic() >= deadline:
                publisher.kill()
                publisher.wait(20)
                raise TimeoutError(f"not all was published within {options.limit} s")
            code = publisher.wait(20)
            if publisher.keys != keys[printed:printed + len(publisher.keys)]:
                raise ValueError("the printed keys are not those of the lines, in order")
            printed += len(publisher.keys)
            if code == 0:
                return starts
            if code != -signal.SIGKILL:
                raise ValueError(f"modem mqtt pub ended with {code}; see {log.name}")


def run(options, qos, folder, rng):
    broker = Broker(folder, free_port())
    broker.start()
    simulator = Simulator(options.modem, options.personality, folder)
    subscriber = Subscriber(broker.port, qos)
    troubles = []
    kills, resets, restarts = (
        Plan(what, moments(count, options.messages, rng))
        for what, count in (("kills", options.kills), ("resets", options.resets), ("restarts", options.restarts)))
    gate = Gate(options.messages, [kills, resets, restarts])
    started = time.monotonic()
    deadline = started + options.limit
    try:
        time.sleep(0.5)  # the subscription stands; a message before it would be no loss of ours

        def restart():
            broker.stop()
            broker.start()

        progress = lambda: len(subscriber.heard)
        troubles = [Trouble(resets, simulator.reset, progress), Trouble(restarts, restart, progress)]
        for trouble in troubles:
            trouble.start()
        starts = publish_all(options, simulator, broker, subscriber, qos, folder, kills, gate, deadline)
        seconds = time.monotonic() - started
        expected = set(range(1, options.messages + 1))
        end = min(deadline, time.monotonic() + 30)
        while len({number for number, _ in subscriber.heard}) < len(expected) and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(1)  # a double would come now
    finally:
        for trouble in troubles:
            trouble.stop()
        subscriber.stop()
        simulator.stop()
        broker.stop()

    # A second publish of a number reaches the subscriber as another message, with another packet identifier. mosquitto
    # 2.0.11, restarted, sends again what its subscriber had acknowledged: the same message, with the same identifier.
    messages = set(subscriber.heard)
    missing = expected - {number for number, _ in messages}
    doubles = len(messages) - (options.messages - len(missing))
    repeats = len(subscriber.heard) - len(messages)
    failures = [f"{trouble.plan.what}: {trouble.failure}" for trouble in troubles if trouble.failure]
    print(f"QoS {qos}: {options.messages} messages, "
          + ", ".join(f"{plan.done} {plan.what}" for plan in (kills, resets, restarts))
          + f", {starts} starts, {seconds:.1f} s: {len(missing)} missing, {doubles} doubled, "
          + f"{repeats} sent twice by the broker", flush=True)
    if missing:
        print(f"  missing: {sorted(missing)[:20]}")
    if any(plan.done < len(plan.at) for plan in (kills, resets, restarts)):
        failures.append("not all that was planned was done")
    if repeats and qos == 2 and not options.restarts:
        failures.append("the broker sent a message twice without having been restarted")
    for failure in failures:
        print(f"  {failure}")
    return not missing and not failures and (qos == 1 or doubles == 0)


def main():
    options = arguments()
    for program in ("mosquitto", "mosquitto_sub", options.modem):
        if shutil.which(program) is None:
            print(f"not installed: {program}", file=sys.stderr)
            return 2
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    passed = True
    for qos in options.qos or [1, 2]:
        folder = tempfile.mkdtemp(prefix="mqtt-kill-")
        try:
            good = run(options, qos, folder, random.Random(seed + qos))
        except (TimeoutError, ValueError) as failure:
            print(f"QoS {qos}: {failure}")
            good = False
        if good:
            shutil.rmtree(folder)
        else:
            print(f"  what was said is in {folder}")
        passed &= good
    print("all as promised" if passed else "FAILED")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
