// Sends the chosen photos one by one and says what becomes of each. Without this script the form sends them together.
(() => {
  const form = document.querySelector("[data-gallery-upload]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const button = form.querySelector("[data-send]");
  const list = document.querySelector("[data-files]");
  const status = document.querySelector("[data-status]");
  const overall = document.querySelector("[data-overall]");
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  // What this upload has added: the server keeps it together, in one version and in the order of time.
  const added = { images: [], revision: "" };
  let busy = false;

  function row(file) {
    const item = document.createElement("li");
    const name = document.createElement("strong");
    const said = document.createElement("span");
    name.textContent = file.name;
    said.textContent = form.dataset.sending;
    item.append(name, ": ", said);
    list.append(item);
    return {
      say(text, state) {
        said.textContent = text;
        item.dataset[state] = "";
      },
    };
  }

  function send(file, onProgress) {
    const data = new FormData(form);
    data.delete("files");
    data.append("files", file);
    data.append("revision", added.revision);
    added.images.forEach((image) => data.append("together_with", image));
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action || window.location.href);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      });
      request.addEventListener("load", () =>
        request.status === 200 && request.response ? resolve(request.response) : reject(new Error(request.statusText)),
      );
      request.addEventListener("error", () => reject(new Error("network")));
      request.send(data);
    });
  }

  async function sendAll(files) {
    if (busy || !files.length) return;
    busy = true;
    button.disabled = true;
    overall.hidden = false;
    overall.max = files.length;
    let done = 0;
    // One after the other: each is added to the draft that the one before has made.
    for (const file of files) {
      const line = row(file);
      try {
        const answer = await send(file, (part) => {
          overall.value = done + part;
        });
        if (answer.problems.length) {
          line.say(answer.problems.map((each) => each.problem).join(" "), "failed");
        } else {
          line.say(form.dataset.done, "done");
          added.images.push(...answer.images);
          added.revision = answer.revision;
        }
      } catch {
        line.say(form.dataset.failed, "failed");
      }
      done += 1;
      overall.value = done;
      status.textContent = form.dataset.progress.replace("{done}", done).replace("{all}", files.length);
    }
    input.value = "";
    button.disabled = false;
    busy = false;
  }

  const sorted = (files) => Array.from(files).sort((one, other) => collator.compare(one.name, other.name));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll(sorted(input.files));
  });
  ["dragover", "dragleave", "drop"].forEach((name) =>
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("gallery-drop--over", name === "dragover");
      if (name === "drop") sendAll(sorted(event.dataTransfer.files));
    }),
  );
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
  form.dataset.ready = "";
})();
