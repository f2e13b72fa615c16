"""Api: GraphQL over HTTP as any client would speak it, without a library for it."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_LOOKS_EVERY = 0.1


class StepFailedError(RuntimeError):
    """A step of the story did not happen."""


class Api:
    """One person's connection to the product, by a bearer token."""

    def __init__(self, address: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(address.partition("//")[2], timeout=15)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Return the data, or raise StepFailedError with what the server said against it."""
        body = json.dumps({"query": document, "variables": variables})
        self._connection.request("POST", "/graphql", body, self._headers)
        answer = json.loads(self._connection.getresponse().read())
        if answer.get("errors"):
            raise StepFailedError(answer["errors"][0]["message"])
        data: dict[str, Any] = answer["data"]
        return data

    def do(self, mutation: str, fields: str, **values: Any) -> dict[str, Any]:
        """Return the payload of a mutation that takes one input; a user error fails the step."""
        kind = mutation[0].upper() + mutation[1:]
        document = f"""mutation($input: {kind}Input!) {{
            {mutation}(input: $input) {{ {fields} userErrors {{ message }} }} }}"""
        payload: dict[str, Any] = self.ask(document, input=values)[mutation]
        if payload["userErrors"]:
            raise StepFailedError(f"{mutation}: {payload['userErrors'][0]['message']}")
        return payload

    def until(self, what: str, look: Callable[[], T | None], seconds: float = 20) -> T:
        """Look again and again until there is something to see, or raise StepFailedError."""
        deadline = time.monotonic() + seconds
        while (seen := look()) is None or not seen:
            if time.monotonic() > deadline:
                raise StepFailedError(f"{what}: did not happen within {seconds:g} s")
            time.sleep(_LOOKS_EVERY)
        return seen

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
