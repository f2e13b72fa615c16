"""Probe: asks a server of ours a question over HTTP, expecting that it may not be there."""

import http.client


def answers(address: str, path: str, timeout: float = 2.0) -> bool:
    """Say whether GET ``path`` at ``address`` (http://…) is answered with 200 just now."""
    connection = http.client.HTTPConnection(address.partition("//")[2], timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
