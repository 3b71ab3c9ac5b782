// What htmx leaves to us when the list is renewed in place: boxes ticked as the answer says, groups open as the reader left them,
// and focus and scroll where they were. Without script the same form and links load the page.
(() => {
  const here = () => location.pathname + location.search;
  let focused = null;

  htmx.registerExtension("in-place", {
    // A group that the reader opened stays open; the answer does not know of it.
    htmx_before_morph_attr: (element, { attrName, newValue }) => attrName !== "open" || newValue !== null,
  });

  // Asking for the same list again is no new step of the way back.
  document.addEventListener("htmx:before:history:update", (event) => {
    if (event.detail.history.path === here()) event.preventDefault();
  });

  document.addEventListener("htmx:before:swap", () => {
    const element = document.activeElement;
    focused = element && element !== document.body ? { element, id: element.id, top: element.getBoundingClientRect().top } : null;
  });

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    // A box that was clicked once keeps its own state, whatever its attribute says.
    for (const box of document.querySelectorAll(".facets [type=checkbox]")) box.checked = box.defaultChecked;
    const heading = document.querySelector("#results h1");
    const pressed = ctx.sourceEvent?.type === "submit" && focused?.id !== "q";
    if (pressed || ctx.sourceElement?.closest?.(".pages")) {
      document.getElementById("results").scrollIntoView({ behavior: "instant" });
      heading.focus({ preventScroll: true });
      return;
    }
    if (!focused) return;
    // Browsers that can't move an element without its losing the focus give it back here; what is gone leaves it to the heading.
    if (document.activeElement === document.body) {
      (document.getElementById(focused.id) ?? heading)?.focus({ preventScroll: true });
    }
    if (document.activeElement === focused.element) {
      scrollBy({ top: focused.element.getBoundingClientRect().top - focused.top, behavior: "instant" });
    }
  });
})();
