// Keeps the vendors to compare in this browser, so that they can be collected from page to page. Without it the boxes of one page do.
(() => {
  const MOST = 5;
  const KEY = "compare";
  const tray = document.getElementById("tray");
  if (!tray) return;
  const list = tray.querySelector("[data-tray-list]");
  const words = tray.querySelector("[data-tray-words]");
  const said = document.querySelector("[data-tray-said]");
  const clear = tray.querySelector("[data-tray-clear]");
  const comparing = document.querySelector("[data-compared]") !== null;
  let picked = [];

  function stored() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      const sound = (each) => typeof each?.slug === "string" && typeof each?.name === "string";
      return Array.isArray(found) ? found.filter(sound).slice(0, MOST) : [];
    } catch {
      return picked; // storage is switched off, or holds something else: what was ticked on this page it is
    }
  }

  function keep(vendors) {
    picked = vendors;
    try {
      if (vendors.length) {
        localStorage.setItem(KEY, JSON.stringify(vendors));
      } else {
        localStorage.removeItem(KEY);
      }
    } catch {
      // they hold for this page only
    }
    draw();
  }

  function draw() {
    tray.hidden = comparing || picked.length === 0;
    document.documentElement.toggleAttribute("data-tray", !tray.hidden);
    words.textContent = `${picked.length} of ${MOST} to compare`;
    list.replaceChildren(...picked.map(entry));
    list.hidden = false;
    clear.hidden = false;
    tick(document);
  }

  function entry({ slug, name }) {
    const item = document.createElement("li");
    const sent = Object.assign(document.createElement("input"), { type: "hidden", name: "v", value: slug });
    const off = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    off.setAttribute("aria-label", `Take off ${name}`);
    off.addEventListener("click", () => {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      const place = [...list.children].indexOf(next) - (item.nextElementSibling ? 1 : 0);
      remove(slug);
      said.textContent = `${name} taken off.`;
      // The button that had the focus is gone: on to its neighbour.
      list.children[place]?.querySelector("button").focus();
    });
    const label = Object.assign(document.createElement("span"), { textContent: name });
    item.append(label, off, sent);
    return item;
  }

  function remove(slug) {
    keep(picked.filter((each) => each.slug !== slug));
  }

  // The boxes show what is in the tray; the tray's own fields are what is sent, so the boxes lose their name.
  function tick(root) {
    for (const box of root.querySelectorAll("[data-pick]")) {
      box.removeAttribute("name");
      box.checked = picked.some((each) => each.slug === box.value);
    }
  }

  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.("[data-pick]")) return;
    const name = target.dataset.pick;
    if (!target.checked) {
      remove(target.value);
      said.textContent = `${name} taken off.`;
    } else if (picked.length < MOST) {
      keep([...picked, { slug: target.value, name }]);
      said.textContent = `${name} added, ${picked.length} of ${MOST} to compare.`;
    } else {
      target.checked = false;
      words.textContent = said.textContent = `${MOST} fit side by side: take one off to add ${name}.`;
    }
  });

  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("[data-tray-remove]");
    if (link) remove(link.dataset.trayRemove); // the link itself goes on to the comparison without that vendor
  });

  clear.addEventListener("click", () => {
    keep([]);
    said.textContent = "Nothing left to compare.";
    document.querySelector("[data-pick]")?.focus();
  });

  const again = () => {
    picked = stored();
    draw();
  };
  addEventListener("storage", ({ key }) => key === KEY && again()); // another tab
  addEventListener("pageshow", ({ persisted }) => persisted && again()); // back to a page that was kept as it was
  // Parts of a page that are replaced bring boxes of their own, or give those that stay the state that the server knows.
  const isNew = (node) => node.matches?.("[data-pick]") || node.querySelector?.("[data-pick]");
  const brought = ({ type, target, addedNodes }) => (type === "attributes" ? target.matches("[data-pick][name]") : [...addedNodes].some(isNew));
  new MutationObserver((changes) => changes.some(brought) && tick(document)).observe(document.querySelector("main"), {
    childList: true,
    subtree: true,
    attributeFilter: ["name"],
  });
  again();
})();
