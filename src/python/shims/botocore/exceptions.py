class BotoCoreError(Exception):
    fmt = "An unspecified error occurred"

    def __init__(self, **kwargs):
        super().__init__(self.fmt.format(**kwargs))
        self.kwargs = kwargs


class NoCredentialsError(BotoCoreError):
    fmt = "Unable to locate credentials ({call}: there is no network here)"

    def __init__(self, call="AWS"):
        super().__init__(call=call)


class NoRegionError(BotoCoreError):
    fmt = "You must specify a region."


class EndpointConnectionError(BotoCoreError):
    fmt = "Could not connect to the endpoint URL"


class ClientError(Exception):
    def __init__(self, error_response, operation_name):
        error = error_response.get("Error", {})
        super().__init__(
            "An error occurred (%s) when calling the %s operation: %s"
            % (error.get("Code", "Unknown"), operation_name, error.get("Message", "Unknown"))
        )
        self.response = error_response
        self.operation_name = operation_name
