"""Streams whose blocks come from the core and from plugins, and which lose nothing when a plugin isn't there.

Wagtail drops a block whose type it doesn't know when it reads a stream; the next save would make that final. Here such
a block, and one of a plugin that is switched off, rests or fails to read it, is read as :class:`NeedsPluginBlock`, and
written as it was stored.
"""

import copy
import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from time import monotonic
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import JSContext, register
from wagtail.blocks import Block, StreamBlock, StreamBlockValidationError, StreamValue
from wagtail.blocks.stream_block import StreamBlockAdapter

from cms.content.kept import NEEDS_PLUGIN, Kept, KeptWidget, NeedsPluginBlock
from cms.registry import owners, states
from cms.registry.blocks import OwnedBlock, plugin_blocks
from cms.registry.claims import CORE, claim
from cms.registry.faults import contained

Raw = dict[str, Any]


class PluginStreamBlock(StreamBlock):
    """A stream of the declared blocks and those that plugins have for its ``place``; without a place, of no plugin's.

    The plugins' blocks are looked up when they are first needed with all models loaded: their modules import models.
    """

    place = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*self._own_blocks, NEEDS_PLUGIN):
            claim("block", name, CORE)

    # --- which blocks there are ---

    @property
    def child_blocks(self) -> dict[str, Block]:
        return self._all_blocks if apps.models_ready else self._own_blocks

    @child_blocks.setter
    def child_blocks(self, blocks: dict[str, Block]) -> None:
        self._own_blocks = blocks

    @cached_property
    def _all_blocks(self) -> dict[str, Block]:
        needs_plugin = NeedsPluginBlock()
        needs_plugin.set_name(NEEDS_PLUGIN)
        plugged = {name: owned.declared.block for name, owned in self.plugged.items()}
        return _ChildBlocks({**self._own_blocks, **plugged, NEEDS_PLUGIN: needs_plugin})

    @cached_property
    def plugged(self) -> dict[str, OwnedBlock]:
        """The blocks of all loaded plugins for this place, whether they are switched on or not."""
        if not self.place:
            return {}
        found = {name: each for name, each in plugin_blocks().items() if self.place in each.declared.places}
        for name, owned in found.items():
            owned.declared.block.set_name(name)
        return found

    def offered(self) -> "PluginStreamBlock":
        """This stream as it is offered in a form now: without the blocks of plugins that don't run or fail."""
        stream = copy.copy(self)
        stream.plugged = {name: owned for name, owned in self.plugged.items() if _is_offered(name, owned)}
        hidden = self.plugged.keys() - stream.plugged.keys()
        stream._all_blocks = {name: block for name, block in self.child_blocks.items() if name not in hidden}
        return stream

    def grouped_child_blocks(self) -> Iterable[tuple[str, list[Block]]]:
        """The editor's menu: the core's blocks first, then those of each plugin under its name."""
        groups: dict[str, list[Block]] = {}
        for name, block in self.child_blocks.items():
            owned = self.plugged.get(name)
            groups.setdefault(_group(owned.owner) if owned else block.meta.group, []).append(block)
        return groups.items()

    # --- from and to what is stored ---

    def to_python(self, value: Any) -> StreamValue:
        if isinstance(value, StreamValue) or not value:
            return super().to_python(value)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                return super().to_python(value)
        items = list(value or [])
        if items and isinstance(items[0], dict):
            return GuardedValue(self, [self._readable(item) for item in items], is_lazy=True)
        return super().to_python([self._known(*item) if len(item) == 2 else item for item in items])

    def bulk_to_python(self, values: Iterable[Any]) -> list[StreamValue]:
        return [self.to_python(value) for value in values]

    def get_prep_value(self, value: Any) -> list[Raw]:
        items = [_as_stored(item) for item in super().get_prep_value(value)]
        return [item for item in items if item["type"]]

    def _readable(self, item: Raw) -> Raw:
        kind = item["type"]
        if kind in self.child_blocks and self._runs(kind):
            return item
        return {**item, "type": NEEDS_PLUGIN, "value": {"type": kind, "value": item.get("value")}}

    def _known(self, kind: str, value: Any) -> tuple[str, Any]:
        return (kind, value) if kind in self.child_blocks else (NEEDS_PLUGIN, Kept(kind, value))

    # --- forms ---

    def get_form_state(self, value: Any) -> list[Raw]:
        offered = self.offered() if any(child.block_type in self.plugged for child in value or []) else self
        return [offered._form_state(child) for child in value or []]

    def _form_state(self, child: Any) -> Raw:
        kind = child.block_type
        if kind in self.child_blocks:
            with self._guard(kind, "form"):
                return {"type": kind, "value": child.block.get_form_state(child.value), "id": child.id}
        kept = Kept(kind, child.block.get_prep_value(child.value))
        return {"type": NEEDS_PLUGIN, "value": self.child_blocks[NEEDS_PLUGIN].get_form_state(kept), "id": child.id}

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> StreamValue:
        value = super().value_from_datadict(data, files, prefix)
        for place, child in enumerate(value):
            # A core block goes through the core's validation, whatever a stream that doesn't have it has kept.
            if child.block_type == NEEDS_PLUGIN and child.value.type in self._own_blocks:
                value[place] = (NEEDS_PLUGIN, Kept(), child.id)
        return value

    def clean(self, value: StreamValue) -> StreamValue:
        if failing := {place: error for place, child in enumerate(value) if (error := self._failure(child))}:
            raise StreamBlockValidationError(block_errors=failing)
        return super().clean(value)

    def _failure(self, child: Any) -> ValidationError | None:
        """What to say if a plugin's block can't even be checked. What it finds wrong, ``super().clean`` finds too."""
        if child.block_type not in self.plugged:
            return None
        try:
            with self._guard(child.block_type, "check", passing=(ValidationError,)):
                child.block.clean(child.value)
                return None
        except ValidationError:
            return None
        name = _group(self.plugged[child.block_type].owner)
        return ValidationError(
            _("The plugin “%s” failed to check this block. Remove it, or have the plugin mended.") % name
        )

    # --- indexes ---

    def get_searchable_content(self, value: Any) -> list[str]:
        content: list[str] = []
        for child in value if self.search_index else []:
            if not self._runs(child.block_type):
                continue
            with self._guard(child.block_type, "search text"):
                content += child.block.get_searchable_content(child.value)
        return content

    def extract_references(self, value: Any) -> Iterator[tuple[Any, ...]]:
        for child in value:
            kind, found = child.block_type, []
            with self._guard(kind, "references"):
                found = list(child.block.extract_references(child.value))
            if kind == NEEDS_PLUGIN and child.value.type in self.plugged and not self._runs(child.value.type):
                kind = child.value.type
                found = self._kept_references(child.value)
            for model, object_id, model_path, content_path in found:
                yield model, object_id, _path(kind, model_path), _path(child.id, content_path)

    def _kept_references(self, kept: Kept) -> list[tuple[Any, ...]]:
        """Switched off or resting, not gone: the image in it is still in use. A failure is no news of such a plugin."""
        block = self.child_blocks[kept.type]
        with suppress(Exception), self._guard(kept.type, "references", passing=(Exception,)):
            return list(block.extract_references(block.to_python(kept.value)))
        return []

    def _runs(self, kind: str) -> bool:
        """Whether blocks of this type may be asked for anything: a plugin's only while it runs."""
        owned = self.plugged.get(kind)
        return owned is None or states.is_running(owned.owner)

    def _guard(
        self, kind: str, hook: str, passing: tuple[type[BaseException], ...] = ()
    ) -> AbstractContextManager[None]:
        """A plugin's block may fail alone; one of ours may not fail unseen."""
        owned = self.plugged.get(kind)
        return contained(f"{hook} of block {kind}", owned.owner, passing) if owned else nullcontext()


class GuardedValue(StreamValue):
    """The value of a stream in which blocks that their plugin fails to read are kept as they are."""

    def _prefetch_blocks(self, type_name: str) -> None:
        plugged = self.stream_block.plugged.get(type_name)
        if plugged is None:
            super()._prefetch_blocks(type_name)
            return
        for place in self._unread(type_name):
            if not self.stream_block._runs(type_name) or _unreadable.has(plugged, self._raw_data[place]["value"]):
                self._keep(place)
        if self._unread(type_name) and not self._read_together(type_name):
            for place in self._unread(type_name):
                if not self._read_alone(place):
                    _unreadable.add(plugged, self._raw_data[place]["value"])
                    self._keep(place)

    def _unread(self, kind: str) -> list[int]:
        """The places of the blocks of this type that have not been read."""
        raw = enumerate(self._raw_data)
        return [place for place, item in raw if self._bound_blocks[place] is None and item["type"] == kind]

    def _read_together(self, kind: str) -> bool:
        try:
            with self.stream_block._guard(kind, "reading", passing=(Exception,)):
                super()._prefetch_blocks(kind)
        except Exception:
            return False  # nothing is noted yet: it is the fault of one of them, and reading it alone will tell
        return not self._unread(kind)

    def _read_alone(self, place: int) -> bool:
        item = self._raw_data[place]
        kind = item["type"]
        if self.stream_block._runs(kind):
            with self.stream_block._guard(kind, "reading"):
                block = self.stream_block.child_blocks[kind]
                value = block.to_python(item["value"])
                self._bound_blocks[place] = StreamValue.StreamChild(block, value, id=item.get("id"))
                return True
        return False

    def _keep(self, place: int) -> None:
        item = self._raw_data[place]
        self[place] = (NEEDS_PLUGIN, Kept(item["type"], item["value"]), item.get("id"))


class _Unreadable:
    """Values that plugins have failed to read lately: a body is read many times, and one bad block is one fault.

    They are tried again when somebody has looked at the plugin.
    """

    def __init__(self) -> None:
        self._until: dict[tuple[object, ...], float] = {}

    def has(self, owned: OwnedBlock, raw: Any) -> bool:
        return bool(self._until) and self._until.get(self._key(owned, raw), 0) > monotonic()

    def add(self, owned: OwnedBlock, raw: Any) -> None:
        if len(self._until) > 1000:
            self._until.clear()
        self._until[self._key(owned, raw)] = monotonic() + 60 * settings.OSTRIV_PLUGIN_FAULT_MINUTES

    def _key(self, owned: OwnedBlock, raw: Any) -> tuple[object, ...]:
        return owned.declared.name, states.state_of(owned.owner).looked_at, json.dumps(raw, default=str)


_unreadable = _Unreadable()


class _ChildBlocks(dict[str, Block]):
    """Blocks by type. For a type that isn't there, the block that keeps it: an index may still name it."""

    def __missing__(self, name: str) -> Block:
        return self[NEEDS_PLUGIN]


def _as_stored(item: Raw) -> Raw:
    return {**item, **item["value"]} if item["type"] == NEEDS_PLUGIN else item


def _path(first: str, rest: str) -> str:
    return f"{first}.{rest}" if rest else first


def _group(owner: str) -> str:
    plugin = owners.enabled(owner)
    return str(plugin.info.name or owner) if plugin else owner


def _is_offered(name: str, owned: OwnedBlock) -> bool:
    if not states.is_running(owned.owner):
        return False
    block = owned.declared.block
    with contained(f"form of block {name}", owned.owner):
        json.dumps(JSContext().pack(block))
        json.dumps(block.get_form_state(block.get_default()))
        return True
    return False


class PluginStreamBlockAdapter(StreamBlockAdapter):
    """As Wagtail's, for the blocks that are offered now. Its script leaves what is only kept out of the menu."""

    js_constructor = "ostriv.PluginStreamBlock"

    def js_args(self, block: PluginStreamBlock) -> list[Any]:
        return super().js_args(block.offered())

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static("wagtailadmin/js/telepath/blocks.js"), *KeptWidget.Media.js])


register(PluginStreamBlockAdapter(), PluginStreamBlock)
