"""Holds an answer against a specification (OpenAPI 3.0, or Swagger 2.0, which has no word for null) as far as
ours go: types, choices, unknown names.

One thing is let pass that the specification forbids: null for an object, which the real server does answer.
"""

from collections.abc import Iterator
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def breaches(value: Any, schema: dict[str, Any], spec: dict[str, Any], where: str = "") -> Iterator[str]:
    """What is not as the schema has it, each with its place."""
    if "$ref" in schema:
        if value is not None:
            yield from breaches(value, _named(schema["$ref"], spec), spec, where)
        return
    if value is None:
        if not schema.get("nullable") and "swagger" not in spec:
            yield f"{where} is null"
        return
    expected = TYPES.get(schema.get("type", ""))
    if expected and (not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool)):
        yield f"{where} is {value!r}, no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is {value!r}, none of {schema['enum']}"
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name, part in value.items():
            if name in known:
                yield from breaches(part, known[name], spec, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                yield f"{where}.{name} is unknown"
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from breaches(part, schema.get("items", {}), spec, f"{where}[{number}]")


def answer_of(spec: dict[str, Any], path: str) -> dict[str, Any]:
    """The schema of what GET answers at that path."""
    answer = spec["paths"][path]["get"]["responses"]["200"]
    if "swagger" in spec:
        return answer["schema"]
    content = answer["content"]
    return (
        content["application/json"]["schema"]
        if "application/json" in content
        else content["text/json"]["schema"]
    )


def _named(reference: str, spec: dict[str, Any]) -> dict[str, Any]:
    named = spec["definitions"] if "swagger" in spec else spec["components"]["schemas"]
    return named[reference.rpartition("/")[2]]
