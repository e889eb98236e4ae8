#!/usr/bin/env python3
"""Prints the JSON Schema of messages of Google's APIs, from the message classes of an installed gcloud.

Usage: google_api_schemas.py GCLOUD_FOLDER, such as /usr/lib/google-cloud-sdk. Unknown fields, wrong types and unknown names of constants
are refused. Fields that only the server writes are left out.
"""
import importlib
import json
import sys

ROOTS = {
    "cloud-run-job": ("run.v1.run_v1_messages", "Job"),
    "vertex-custom-job": ("aiplatform.v1beta1.aiplatform_v1beta1_messages", "GoogleCloudAiplatformV1beta1CustomJob"),
}
WRITTEN_BY_THE_SERVER = {"status", "managedFields", "ownerReferences"}


def of_field(messages, field, found):
    kind = type(field).__name__
    if kind == "MessageField":
        return of_message(messages, field.message_type, found)
    if kind == "EnumField":
        return {"enum": [name for name in field.type.names()]}
    simple = {"StringField": "string", "BytesField": "string", "BooleanField": "boolean", "FloatField": "number"}
    if kind == "IntegerField":
        # JSON has 64 bits as text, and people write them as numbers.
        is_long = field.variant.name in ("INT64", "UINT64")
        return {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"} if is_long else {"type": "integer"}
    return {"type": simple[kind]}


def of_message(messages, message, found):
    name = message.__name__
    if name not in found:
        found[name] = {}
        fields = {field.name: field for field in message.all_fields()}
        if list(fields) == ["additionalProperties"]:
            value = fields["additionalProperties"].message_type.field_by_name("value")
            found[name] = {"type": "object", "additionalProperties": of_field(messages, value, found)}
        elif name == "JsonValue":
            found[name] = {}
        else:
            properties = {}
            for key, field in sorted(fields.items()):
                if key not in WRITTEN_BY_THE_SERVER:
                    one = of_field(messages, field, found)
                    properties[key] = {"type": "array", "items": one} if field.repeated else one
            found[name] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"$ref": "#/$defs/" + name}


def main(gcloud):
    sys.path[:0] = [gcloud + "/lib/third_party", gcloud + "/lib"]
    schemas = {}
    definitions = {}
    for root, (module, message) in ROOTS.items():
        messages = importlib.import_module("googlecloudsdk.generated_clients.apis." + module)
        schemas[root] = of_message(messages, getattr(messages, message), definitions)
    json.dump({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {**schemas, **dict(sorted(definitions.items()))}}, sys.stdout, indent=1)
    print()


main(sys.argv[1])
