// Shows what the answers imply as soon as one changes, and proposes services as stage and modality change. Without script a button does it.
(() => {
  const form = document.getElementById("intake");
  if (!form) return;
  const DECIDE = new Set(["stage", "through", "modality"]);
  const said = document.getElementById("so-far-said");
  let changes = 0;
  let propose = false;
  let waiting;

  async function look() {
    const number = changes;
    const answers = new FormData(form);
    // The file is for the trial alone.
    answers.delete("trial_record");
    const part = document.getElementById("so-far");
    part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.soFar, { method: "POST", body: answers });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("so-far");
      // What another change has overtaken is out of date; a page without the part is an error page, and the button tells it.
      if (number !== changes || !fresh) return;
      part.replaceChildren(...fresh.childNodes);
      said.textContent = part.querySelector(".verdict-so-far, p")?.textContent ?? "";
      const services = document.getElementById("services");
      if (propose && !services.contains(document.activeElement)) {
        services.replaceChildren(...page.getElementById("services").childNodes);
        propose = false;
      }
    } catch {
      // the button is there for when the portal can be reached again
    } finally {
      if (number === changes) part.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("change", ({ target }) => {
    if (!target.name || target.name.startsWith("trial_")) return;
    // What somebody changes is no longer what a trial gave.
    target.closest(".field")?.querySelector(".origin")?.remove();
    changes += 1;
    propose ||= DECIDE.has(target.name);
    clearTimeout(waiting);
    waiting = setTimeout(look, 150);
  });
})();
