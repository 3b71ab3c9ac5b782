// Types to narrow a long list of boxes down: partials/_narrow.html puts the field beside the list, and this makes it work.
// What is ticked always stays in sight, and what is hidden is still sent. Without script the whole list is there.
(() => {
  // The last is how Django nests a group of boxes under its name.
  const GROUPS = "[data-narrow-group], details, [role=group], .choices div:has(> label + div)";
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function narrow(box) {
    const scope = box.parentElement;
    // A box that stands alone in its cell takes the cell with it.
    const items = [...scope.querySelectorAll(box.dataset.narrow)].map((item) => (item.matches("label:only-child") ? item.parentElement : item));
    const words = folded(box.querySelector("input").value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const item of items) {
      const text = folded(`${item.textContent} ${item.title}`);
      const meant = words.every((word) => text.includes(word));
      item.hidden = !meant && !item.querySelector(":checked");
      left += meant;
    }
    // A group with nothing left goes too; one that is folded opens for as long as something is typed.
    for (const group of scope.querySelectorAll(GROUPS)) {
      const own = items.filter((item) => group.contains(item));
      if (own.length === 0) continue;
      group.hidden = own.every((item) => item.hidden);
      if (group.tagName !== "DETAILS") continue;
      if (words.length && group.dataset.narrowWas === undefined) {
        group.dataset.narrowWas = group.open;
        group.open = true;
      } else if (!words.length && group.dataset.narrowWas !== undefined) {
        group.open = group.dataset.narrowWas === "true";
        delete group.dataset.narrowWas;
      }
    }
    box.querySelector("output").textContent = words.length ? `${left} of ${items.length}` : "";
  }

  function begin(root) {
    for (const box of root.querySelectorAll("[data-narrow]")) {
      if (box.querySelector("input").value) narrow(box);
    }
  }

  const boxOf = (event) => event.target.closest?.("[data-narrow]");
  // The field is no answer of the form, so the form hears nothing of it: no preview is asked for, and Enter sends nothing.
  addEventListener("input", (event) => {
    const box = boxOf(event);
    if (!box) return;
    event.stopPropagation();
    narrow(box);
  }, true);
  addEventListener("change", (event) => boxOf(event) && event.stopPropagation(), true);
  addEventListener("keydown", (event) => event.key === "Enter" && boxOf(event) && event.preventDefault(), true);
  // Before anybody measures where things stand in the list that has come.
  addEventListener("htmx:after:swap", () => begin(document), true);
  begin(document);
})();
