"""The version of the plugin contract, which plugins name in a PEP 440 specifier."""

CONTRACT_VERSION = "1.1"
