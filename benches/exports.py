#!/usr/bin/env python3
"""What exports of everything cost a server: first byte, whole time, memory, and whether a slow reader holds up the archive's log.

    benches/exports.py PID DATA_DIR [HOST:PORT]        (Linux; a release build that serves DATA_DIR)

The slow reader takes 10 kB a second. Meanwhile something is written to the database and the log is put into the file and emptied, which a snapshot
that is still open would prevent.
"""

import http.client
import os
import re
import sqlite3
import sys
import threading
import time

FORMS = ("ndjson", "csv", "bib", "ris", "csl.json")


def memory(pid):
    """Megabytes of the process's own memory; pages of mapped files are the system's."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s+(\d+)", status.read()).group(1)) // 1024


def spools(pid):
    links = (os.readlink(f"/proc/{pid}/fd/{one}") for one in os.listdir(f"/proc/{pid}/fd"))
    return sum("(deleted)" in link for link in links)


def export(address, form, gzip=False, rate=None, seconds=None):
    """Seconds to the first byte, to the last, bytes, releases."""
    connection = http.client.HTTPConnection(address, timeout=600)
    began, first, length = time.time(), None, 0
    connection.request("GET", f"/search/export.{form}", headers={"Accept-Encoding": "gzip"} if gzip else {})
    answer = connection.getresponse()
    while piece := answer.read1(rate or 65536):
        first = first or time.time() - began
        length += len(piece)
        if rate:
            time.sleep(1)
        if seconds and time.time() - began > seconds:
            connection.close()
            break
    return first, time.time() - began, length, answer.getheader("X-Total-Count")


def main():
    pid, data = int(sys.argv[1]), sys.argv[2]
    address = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1:8080"
    peak = [0]

    def watch():
        while True:
            peak[0] = max(peak[0], memory(pid))
            time.sleep(0.02)

    threading.Thread(target=watch, daemon=True).start()
    for form in FORMS:
        for gzip in (False, True):
            before, peak[0] = memory(pid), 0
            first, whole, length, total = export(address, form, gzip)
            print(f"{form:8} {'gzip' if gzip else '':4} {total} releases, {length / 1e6:6.1f} MB; first byte {first * 1000:4.0f} ms, whole {whole:4.1f} s; "
                  f"memory {before} MB before, {peak[0]} MB at most")
    slow = threading.Thread(target=export, args=(address, "ndjson", False, 10_000, 12), daemon=True)
    slow.start()
    database = sqlite3.connect(os.path.join(data, "archive.db"), timeout=5)
    time.sleep(4)
    database.execute("INSERT INTO archive (name, value) VALUES ('measured', '')")
    database.execute("DELETE FROM archive WHERE name = 'measured'")
    database.commit()
    busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    log = os.path.getsize(os.path.join(data, "archive.db-wal"))
    print(f"slow reader: {spools(pid)} file(s) without a name, the log holds {log} bytes after a checkpoint that was {'kept waiting' if busy else 'not kept waiting'}")
    slow.join()
    time.sleep(1)
    print(f"after it left: {spools(pid)} file(s) without a name")


main()
