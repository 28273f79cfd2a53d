from cms.contract import PluginInfo

plugin = PluginInfo(
    name="Sandbox gateway",
    version="0.1.0",
    description="A way to pay without paying, for trying campaigns out.",
    contract=">=1.0,<2",
)
