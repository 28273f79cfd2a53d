// Blocks whose plugin isn't there, in the editor: shown, moved and deleted, never changed and never added.
(() => {
  const KEPT = "needs_plugin";

  class BoundKept {
    constructor(placeholder, name, id, state) {
      this.idForLabel = null;
      this.input = document.createElement("input");
      this.input.type = "hidden";
      this.input.name = name;
      this.input.id = id;
      this.text = document.createElement("p");
      placeholder.replaceWith(this.text, this.input);
      this.setState(state);
    }

    setState(state) {
      this.state = state;
      this.input.value = state.signed;
      this.text.textContent = state.text;
    }

    getState() {
      return this.state;
    }

    getValue() {
      return this.state.signed;
    }

    getTextLabel() {
      return this.state.title;
    }

    focus() {}
  }

  class KeptWidget {
    render(placeholder, name, id, state) {
      return new BoundKept(placeholder, name, id, state);
    }
  }

  class PluginStreamBlock extends window.wagtailStreamField.blocks.StreamBlockDefinition {
    constructor(...args) {
      super(...args);
      // Wagtail reads the menu from here, and what it can show from another table that it has just made.
      this.groupedChildBlockDefs = this.groupedChildBlockDefs
        .map(([group, blocks]) => [group, blocks.filter((block) => block.name !== KEPT)])
        .filter(([, blocks]) => blocks.length);
    }
  }

  window.telepath.register("ostriv.KeptWidget", KeptWidget);
  window.telepath.register("ostriv.PluginStreamBlock", PluginStreamBlock);
})();
