"""Typed settings: kept as the API shows them (camelCase), checked before they are stored.

Unknown keys are refused, what is left out has its default, so that a row written by
an older release still reads.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from runtime.errors import Refused, in_a_line

Kind = TypeVar("Kind", bound="TypedSettings")


class TypedSettings(BaseModel):
    """What all settings have in common.  ``field``: the input that they come in."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )

    field: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        """Return the settings as rows and API show them."""
        return self.model_dump(mode="json", by_alias=True)


def merged(model: type[Kind], stored: Mapping[str, Any], changes: Mapping[str, Any]) -> Kind:
    """Return the settings with changes (camelCase keys) made; Refused names the field at fault.

    A None puts a key back to its default; a key that nobody knows is refused with it too.
    """
    known = {to_camel(name) for name in model.model_fields}
    whole = {**stored, **changes}
    kept = {key: value for key, value in whole.items() if value is not None or key not in known}
    try:
        return model.model_validate(kept)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        path = in_a_line(".".join(to_camel(str(part)) for part in fault["loc"]), limit=60)
        raise Refused(
            f"{path or model.field}: {_said(fault['type'], fault['msg'], known)}.",
            code="INVALID_SETTING",
            field=f"{model.field}.{path}".rstrip("."),
        ) from None


def _said(type_: str, message: str, known: set[str]) -> str:
    if type_ == "extra_forbidden":
        return f"there is no such setting; known are {', '.join(sorted(known)) or 'none yet'}"
    return message.removeprefix("Value error, ")
