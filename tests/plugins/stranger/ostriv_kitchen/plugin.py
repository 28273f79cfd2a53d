from dataclasses import dataclass

from cms.contract import PluginInfo, setting


@dataclass(frozen=True)
class KitchenSettings:
    portions: int = setting(4, label="Portions", minimum=1, maximum=20)


plugin = PluginInfo(
    name="Кухня",
    version="1.2.0",
    description="Recipes of the newsroom's readers",
    contract=">=1.0,<2",
    requires=("lxml>=4",),
    settings=KitchenSettings,
)
