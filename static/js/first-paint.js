// What has to stand before the first paint, so that nothing moves or flashes after it: the reader's choice of theme, which is
// offered once the page is there; what only script can do; and room for the tray of vendors, which tray.js fills.
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
  root.toggleAttribute("data-scripted", true);
  try {
    root.toggleAttribute("data-tray", localStorage.getItem("compare") !== null);
  } catch {
    // storage is switched off: nothing was collected
  }

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
