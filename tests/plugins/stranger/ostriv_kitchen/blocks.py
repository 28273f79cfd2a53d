from wagtail import blocks as wagtail_blocks

from cms.contract import PluginBlock

blocks = [
    PluginBlock(
        name="kitchen_tip",
        block=wagtail_blocks.StructBlock([("tip", wagtail_blocks.CharBlock())], icon="help"),
        places=("body", "edition"),
    )
]
