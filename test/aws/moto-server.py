"""Moto's server for tests: HTTPS and plain HTTP at once on the same account, on free ports, which it prints.

Moto 5.2.5 evaluates no conditions of policies, and takes a statement whose condition it does not know for one that
applies. It checks a deletion of many objects against the bucket. Here both are as Amazon documents it, as far as the
kit's policies go: aws:SecureTransport, s3:prefix, and each object that is deleted.
"""

import json
import re
import sys
import threading

import flask
import xmltodict
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import FakeDeleteMarker
from moto.s3.responses import S3Response
from werkzeug.serving import make_server


def condition_holds(operator, key, expected):
    request = flask.request
    values = {"aws:SecureTransport": "true" if request.is_secure else "false"}
    if request.args.get("prefix") is not None:
        values["s3:prefix"] = request.args["prefix"]
    actual = values.get(key)
    if operator == "StringLikeIfExists" and actual is None:
        return True
    if operator in ("StringLike", "StringLikeIfExists"):
        return actual is not None and re.fullmatch(re.escape(expected).replace(r"\*", ".*"), actual) is not None
    if operator == "Bool":
        return actual == expected
    raise NotImplementedError(operator)


without_conditions = IAMPolicyStatement.is_action_permitted


def is_action_permitted(self, *arguments, **named):
    conditions = self._statement.get("Condition")
    if conditions:
        pairs = [(operator, *pair) for operator, given in conditions.items() for pair in given.items()]
        if not all(condition_holds(*pair) for pair in pairs):
            return PermissionResult.NEUTRAL
        self._statement = {key: value for key, value in self._statement.items() if key != "Condition"}
    return without_conditions(self, *arguments, **named)


IAMPolicyStatement.is_action_permitted = is_action_permitted

authorize = S3Response._authenticate_and_authorize_s3_action


def authorize_each(self, bucket_name=None, key_name=None):
    if key_name is None and self.data.get("Action") == "DeleteObject":
        objects = xmltodict.parse(self.body, force_list=("Object",))["Delete"]["Object"]
        for one in objects:
            authorize(self, bucket_name=bucket_name, key_name=one["Key"])
    else:
        authorize(self, bucket_name=bucket_name, key_name=key_name)


S3Response._authenticate_and_authorize_s3_action = authorize_each

# It fails where the last version of an object is the mark that it was deleted.
FakeDeleteMarker.dispose = lambda self: None

host, certificate, key = sys.argv[1:4]
application = DomainDispatcherApplication(create_backend_app)
tls, plain = (
    make_server(host, 0, application, threaded=True, request_handler=MotoRequestHandler, ssl_context=context)
    for context in ((certificate, key), None)
)
threading.Thread(target=plain.serve_forever, daemon=True).start()
print(json.dumps({"tls": tls.port, "plain": plain.port}), flush=True)
tls.serve_forever()
