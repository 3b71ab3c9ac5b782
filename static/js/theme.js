// Applies the reader's choice of theme before the first paint, and offers the choice once the page is there.
(() => {
  const root = document.documentElement;
  const themes = ["light", "dark"];

  function stored() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is switched off: the system's theme it is
    }
  }

  function apply(choice) {
    if (themes.includes(choice)) {
      root.dataset.theme = choice;
    } else {
      delete root.dataset.theme;
    }
  }

  apply(stored());

  document.addEventListener("DOMContentLoaded", () => {
    const control = document.querySelector("[data-theme-switch]");
    const select = control?.querySelector("select");
    if (!select) return;
    select.value = root.dataset.theme ?? "system";
    control.hidden = false;
    select.addEventListener("change", () => {
      apply(select.value);
      try {
        if (themes.includes(select.value)) {
          localStorage.setItem("theme", select.value);
        } else {
          localStorage.removeItem("theme");
        }
      } catch {
        // the choice holds for this page only
      }
    });
  });
})();
