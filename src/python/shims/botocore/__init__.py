# Only the exceptions of `botocore` are here: there is no AWS.
