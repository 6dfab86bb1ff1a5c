"""Storage that speaks S3, moto's own server, as a program: `python -m tests.batches.engines.own_bucket ADDRESS PORT`.

It says "ready" once its bucket `letters` is there, and ends when it is killed.
"""

from __future__ import annotations

import http.client
import logging
import sys
import threading

from moto.server import ThreadedMotoServer


def main() -> None:
    """Serve until killed."""
    address, port = sys.argv[1], int(sys.argv[2])
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    ThreadedMotoServer(ip_address=address, port=port, verbose=False).start()
    asking = http.client.HTTPConnection(address, port)
    asking.request("PUT", "/letters")
    assert asking.getresponse().status == 200
    asking.close()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
