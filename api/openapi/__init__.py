"""The OpenAPI document: what the API's own code can't say by itself about types, answers, headers and links."""
