// A form with data-live="#part" renews that part of the page as soon as an answer changes. Without script its button does the same.
for (const form of document.querySelectorAll("form[data-live]")) {
  const selector = form.dataset.live;
  let asked = 0;
  const renew = async () => {
    const number = ++asked;
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    const part = document.querySelector(selector);
    part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(selector);
      // An answer that a later question has overtaken is out of date; one without the part is an error page.
      if (number !== asked) return;
      if (!fresh) return form.submit();
      part.replaceChildren(...fresh.childNodes);
      history.replaceState(null, "", address);
      // What changed is said in one sentence, not read out whole.
      const said = part.querySelector("[data-said]");
      if (said) document.querySelector(form.dataset.says).textContent = said.textContent;
      // An answer may move another one along.
      for (const field of page.querySelector(`form[data-live="${selector}"]`).querySelectorAll("select")) {
        form.elements[field.name].value = field.value;
      }
    } catch {
      form.submit();
    } finally {
      part.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("change", renew);
  form.addEventListener("submit", (event) => { event.preventDefault(); renew(); document.querySelector(selector).scrollIntoView(); });
}
