/* Names offered while somebody types into a field with data-suggest: what is offered depends on its value. Without script it is a field. */
function offer(field) {
  const list = document.createElement("datalist");
  list.id = `${field.id}_suggestions`;
  field.after(list);
  field.setAttribute("list", list.id);
  let asked = 0;
  field.addEventListener("input", async () => {
    const typed = field.value.trim();
    const number = ++asked;
    if (typed.length < 2) return;
    const query = new URLSearchParams({ q: typed, of: field.dataset.suggest });
    const response = await fetch(`/admin/vendors/vendor/suggest/?${query}`, { headers: { Accept: "application/json" } });
    if (!response.ok || number !== asked) return;
    const { found } = await response.json();
    list.replaceChildren(...found.map(({ value, label }) => new Option(label, value)));
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("input[data-suggest]").forEach(offer));
