"""Starts the emulator, with one thing put right: over HTTP/2 the host that is signed is called `:authority`."""

import sys

from ministack.core import sigv4

as_told = sigv4.build_canonical_headers

if as_told({"host": "here"}, ":authority") != ":authority:\n":
    sys.exit("the emulator knows what is signed over HTTP/2: start it as it is, and remove this file")


def with_authority(headers, signed_headers):
    return as_told({**headers, ":authority": headers.get("host", "")}, signed_headers)


sigv4.build_canonical_headers = with_authority

if __name__ == "__main__":
    from ministack.app import main

    sys.exit(main())
