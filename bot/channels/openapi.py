"""The API's own description, OpenAPI 3.0, made from the closed list of facts so that the two cannot drift."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from knowledge.library import Library
from knowledge.model import Fact

NUMBER_OR_RANGE = {
    "oneOf": [
        {"type": "number", "minimum": 0},
        {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number", "minimum": 0, "nullable": True}},
    ],
    "nullable": True,
}
CITATION = {
    "type": "object",
    "required": ["document", "clause"],
    "properties": {"document": {"type": "string"}, "clause": {"type": "string"}, "title": {"type": "string"}, "quote": {"type": "string"}},
}


def description(library: Library) -> Dict[str, Any]:
    """The OpenAPI document of `/api`."""
    schemas = {"Household": household_schema(library.facts), "Citation": CITATION, "Error": _error(), "Result": _result(library)}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "社会救助问答助手 / Social assistance assistant",
            "version": "1.0",
            "description": "Preliminary estimates with clauses; the office decides.",
        },
        "paths": {
            "/api/screen": _post("Screen a family", _screen_request(), _screen_answer()),
            "/api/ask": _post("Ask one question", _ask_request(), _ask_answer()),
            "/api/extract": _post("Facts told in a text", _extract_request(), _extract_answer()),
            "/api/openapi.json": {"get": {"summary": "This document", "responses": {"200": {"description": "OpenAPI 3"}}}},
        },
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def household_schema(facts: Mapping[str, Fact]) -> Dict[str, Any]:
    """The household of the contract as a JSON schema."""
    top: Dict[str, Any] = {}
    member: Dict[str, Any] = {"id": {"type": "string"}}
    for fact in facts.values():
        group, _, name = fact.path.partition(".")
        if group == "member":
            member[name] = _schema(fact)
        elif name:
            inner = top.setdefault(group, {**_closed({}), "nullable": True})
            inner["properties"][name] = _schema(fact)
        else:
            top[group] = _schema(fact)
    top["members"] = {"type": "array", "maxItems": 50, "nullable": True, "items": _closed(member)}
    return _closed(top)


def _closed(properties: Dict[str, Any]) -> Dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _schema(fact: Fact) -> Dict[str, Any]:
    words = {"description": fact.label + (f"（{fact.unit}）" if fact.unit else ""), "nullable": True}
    if fact.type == "yesno":
        return {"type": "boolean", **words}
    if fact.type == "number":
        return {**NUMBER_OR_RANGE, **words}
    if fact.choices:
        return {"type": "string", "enum": [*fact.values, None], **words}
    return {"type": "string", **words}


def _post(summary: str, request: Dict[str, Any], answer: Dict[str, Any]) -> Dict[str, Any]:
    error = {"description": "Bad request", "content": _json({"$ref": "#/components/schemas/Error"})}
    return {
        "post": {
            "summary": summary,
            "requestBody": {"required": True, "content": _json(request)},
            "responses": {"200": {"description": "Answer", "content": _json(answer)}, **{str(s): error for s in (400, 401, 413, 422)}},
        }
    }


def _json(schema: Dict[str, Any]) -> Dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _error() -> Dict[str, Any]:
    inner = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "path": {"type": "string", "nullable": True}},
    }
    return {"type": "object", "required": ["error"], "properties": {"error": inner}}


def _screen_request() -> Dict[str, Any]:
    parameters = {name: NUMBER_OR_RANGE for name in ("dibao_standard", "minimum_wage", "disposable_income")}
    return {
        "type": "object",
        "required": ["household"],
        "properties": {
            "household": {"$ref": "#/components/schemas/Household"},
            "as_of": {"type": "string", "format": "date", "nullable": True},
            "programmes": {"type": "array", "items": {"type": "string"}, "nullable": True},
            "parameters": {"type": "object", "nullable": True, "additionalProperties": False, "properties": parameters},
        },
    }


def _result(library: Library) -> Dict[str, Any]:
    amount = {
        "type": "object",
        "nullable": True,
        "required": ["min", "max", "unit"],
        "properties": {"min": {"type": "number"}, "max": {"type": "number", "nullable": True}, "unit": {"type": "string"}},
    }
    reason = {
        "type": "object",
        "required": ["text", "holds"],
        "properties": {
            "text": {"type": "string"},
            "holds": {"type": "boolean", "nullable": True},
            "cite": {"allOf": [{"$ref": "#/components/schemas/Citation"}], "nullable": True},
        },
    }
    return {
        "type": "object",
        "required": ["programme", "name", "member", "verdict", "amount", "because", "missing", "cautions", "apply"],
        "properties": {
            "programme": {"type": "string", "enum": sorted(library.programmes)},
            "name": {"type": "string"},
            "member": {"type": "string", "nullable": True},
            "verdict": {"type": "string", "enum": ["eligible", "ineligible", "undetermined"]},
            "amount": amount,
            "because": {"type": "array", "items": reason},
            "missing": _strings(),
            "cautions": _strings(),
            "apply": {"type": "object"},
        },
    }


def _strings() -> Dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}}


def _question() -> Dict[str, Any]:
    return {"type": "object", "nullable": True, "properties": {"path": {"type": "string"}, "ask": {"type": "string"}}}


def _screen_answer() -> Dict[str, Any]:
    results = {"type": "array", "items": {"$ref": "#/components/schemas/Result"}}
    return {
        "type": "object",
        "required": ["as_of", "results", "next_question"],
        "properties": {"as_of": {"type": "string"}, "results": results, "next_question": _question()},
    }


def _ask_request() -> Dict[str, Any]:
    text: Dict[str, Any] = {"type": "string"}
    optional: Dict[str, Any] = {"type": "string", "nullable": True}
    return {
        "type": "object",
        "required": ["text"],
        "properties": {"text": text, "region": optional, "as_of": {**optional, "format": "date"}},
    }


def _ask_answer() -> Dict[str, Any]:
    kinds = ["answer", "clarify", "screening", "decline", "emergency", "smalltalk"]
    cites: List[Dict[str, Any]] = [{"$ref": "#/components/schemas/Citation"}]
    return {
        "type": "object",
        "required": ["kind", "programme", "aspect", "answer", "citations", "route", "confidence"],
        "properties": {
            "kind": {"type": "string", "enum": kinds},
            "programme": {"type": "string", "nullable": True},
            "programmes": _strings(),
            "aspect": {"type": "string", "nullable": True},
            "answer": {"type": "string"},
            "citations": {"type": "array", "items": cites[0]},
            "route": {"type": "object", "nullable": True},
            "confidence": {"type": "number", "nullable": True},
        },
    }


def _extract_request() -> Dict[str, Any]:
    return {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}


def _extract_answer() -> Dict[str, Any]:
    span = {
        "type": "object",
        "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}, "path": {"type": "string"}},
    }
    return {
        "type": "object",
        "required": ["household", "spans"],
        "properties": {"household": {"$ref": "#/components/schemas/Household"}, "spans": {"type": "array", "items": span}},
    }
