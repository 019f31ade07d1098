// The page can be read without this: it searches, filters and sorts all bundles, and makes numbers of bundles lead to them.
const PAGE_ROWS = 100, DELAY = 60, WEIGHTS_FIELD = "terms.parameters-final";
const part = (id) => document.getElementById(id);
const form = part("search"), section = part("bundles"), told = part("found"), turn = part("turn"), table = part("rows");
const firstTold = told.textContent;
const all = data.rows.length < Number(section.dataset.total) ? ", of the first " + count(data.rows.length) + ", which the search knows" : ", of all " + count(data.rows.length);
const state = { q: "", chosen: new Map(), sort: "", down: false, page: 0 };
const texts = data.rows.map((row) => [row[PLACE], row[ORIGIN], data.licenses[row[LICENSE]], data.reasons[row[REASON]]].join("\n").toLowerCase());

// Fields that rows are filtered by: what each is called, the values it can have, and the value of a row.
const words = (list) => list.map(([text]) => text);
const severities = ["high", NO_REPORT, "medium", "low", "note", "none"].filter((word) => words(data.worst).includes(word));
const fields = new Map();
data.standards.forEach((standard, place) => {
  const of = (row) => (row[GRADES][place] < 0 ? NO_REPORT : data.grades[row[GRADES][place]][0]);
  const values = [...new Set(data.rows.map(of))].sort();
  fields.set("grade." + standard, { title: data.standards.length > 1 ? "Grade by " + standard : "Grade", values, of, shown: true });
});
fields.set("worst", { title: "Worst issue", values: severities, of: (row) => data.worst[row[WORST]][0], shown: true });
const judged = ["violated", "not judged", "holds"].filter((word) => words(data.policy).includes(word));
if (judged.length) {
  fields.set("policy", { title: "Policy", values: judged, of: (row) => data.policy[row[POLICY]]?.[0], shown: true });
  fields.set("broken", { title: "Violates", values: [...data.broken].sort(), has: (row, value) => row[BROKEN].includes(data.broken.indexOf(value)), shown: true });
}
const states = words(data.states);
const weights = [...states, ...words(data.weights)].filter((word, place, all) => words(data.weights).includes(word) && all.indexOf(word) === place);
fields.set(WEIGHTS_FIELD, { title: "Terms of the weights", values: weights, of: (row) => data.weights[row[WEIGHTS]][0], shown: true });
data.components.forEach((component, place) => {
  if (fields.has("terms." + component)) return;
  const of = (row) => (data.worst[row[WORST]][0] === NO_REPORT ? NO_REPORT : row[TERMS][place] === "-" ? ABSENT : states[row[TERMS][place]]);
  fields.set("terms." + component, { title: "Terms of " + data.titles[place], values: [...states, ABSENT, NO_REPORT], of });
});
fields.set("unread", { title: "Read", values: ["whole", "not whole"], of: (row) => (row[PROBLEMS] ? "not whole" : "whole"), shown: true });
if (data.stores.length > 1) fields.set("store", { title: "Store", values: [...data.stores].sort(), of: (row) => data.stores[row[STORE]], shown: true });
const rules = [...data.rules].sort();
fields.set("rule", { title: "Rule", values: rules, has: (row, value) => row[RULES].includes(data.rules.indexOf(value)), shown: true });

const orders = {
  place: (row) => row[PLACE],
  grade: (row) => ["good", "warn", "bad"].indexOf(data.grades[row[GRADES][0]]?.[1]) + " " + data.grades[row[GRADES][0]]?.[0],
  worst: (row) => severities.indexOf(data.worst[row[WORST]][0]),
  policy: (row) => judged.indexOf(data.policy[row[POLICY]]?.[0]),
  weights: (row) => weights.indexOf(data.weights[row[WEIGHTS]][0]),
  bytes: (row) => row[BYTES],
};

function find() {
  const asked = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = [...state.chosen].map(([name, value]) => {
    const field = fields.get(name);
    return field.has ? (row) => field.has(row, value) : (row) => field.of(row) === value;
  });
  const found = data.rows.filter((row, place) => asked.every((word) => texts[place].includes(word)) && tests.every((test) => test(row)));
  if (!state.sort) return found;
  const keys = new Map(found.map((row) => [row, orders[state.sort](row)])), sign = state.down ? -1 : 1;
  return found.sort((one, other) => sign * (keys.get(one) < keys.get(other) ? -1 : keys.get(one) > keys.get(other) ? 1 : 0));
}

function show() {
  const found = find(), last = Math.max(Math.ceil(found.length / PAGE_ROWS) - 1, 0);
  state.page = Math.min(state.page, last);
  const start = state.page * PAGE_ROWS, end = Math.min(start + PAGE_ROWS, found.length);
  table.tBodies[0].replaceChildren(...found.slice(start, end).map(showRow));
  const isAll = found.length === data.rows.length;
  told.textContent = !found.length ? "No bundle fits." : isAll && !state.page && !state.sort ? firstTold
    : (found.length > PAGE_ROWS ? count(start + 1) + " to " + count(end) + " of " : "") + plural(found.length, "bundle") + (isAll ? "" : all);
  [...turn.children].forEach((button, place) => { button.disabled = place ? state.page === last : state.page === 0; });
  turn.hidden = last === 0;
  showChoices();
  for (const head of table.tHead.rows[0].cells) {
    head.removeAttribute("aria-sort");
    if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
  }
}

function showChoices() {
  form.elements.q.value = state.q;
  for (const select of form.querySelectorAll("select")) select.value = state.chosen.get(select.name) ?? "";
  part("chips").replaceChildren(...[...state.chosen].filter(([name]) => !form.elements[name]).map(([name, value]) =>
    press(fields.get(name).title + ": " + value + " \u00d7", () => change(() => state.chosen.delete(name)))));
  part("clear").disabled = !state.q && !state.chosen.size && !state.sort;
}

// The address tells what is looked for, so that it can be kept, sent, and come back to.
function change(act) {
  act();
  state.page = 0;
  show();
  const asked = new URLSearchParams(state.q ? { q: state.q } : {});
  for (const [name, value] of state.chosen) asked.set(name, value);
  try { history.replaceState(null, "", "#" + (asked.toString() || "bundles")); } catch { /* a browser that does not allow it for files */ }
}

function readAddress() {
  const asked = [...new URLSearchParams(location.hash.slice(1))].filter(([name, value]) => name === "q" || fields.get(name)?.values.includes(value));
  if (!asked.length) return;
  clear();
  for (const [name, value] of asked) name === "q" ? (state.q = value) : state.chosen.set(name, value);
  show();
  section.scrollIntoView();
}

function clear() {
  Object.assign(state, { q: "", sort: "", down: false, page: 0 });
  state.chosen.clear();
}

function press(text, act, name = "button") {
  const button = make("button", name, text);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

function build() {
  for (const [name, field] of fields) {
    if (!field.shown || field.values.length < 2) continue;
    const select = make("select", "", new Option("any", ""), ...field.values.map((value) => new Option(value, value)));
    select.name = name;
    select.addEventListener("change", () => change(() => (select.value ? state.chosen.set(name, select.value) : state.chosen.delete(name))));
    form.append(make("label", "", field.title, select));
  }
  const chips = make("div", "chips"), button = press("Clear", () => change(clear));
  chips.id = "chips";
  button.id = "clear";
  form.append(chips, button);
  for (const head of table.tHead.rows[0].cells) {
    head.replaceChildren(press(head.textContent, () => change(() => {
      const again = state.sort === head.dataset.sort;
      Object.assign(state, again && state.down ? { sort: "", down: false } : { sort: head.dataset.sort, down: again });
    }), "sort"));
  }
  for (const [text, step] of [["Previous", -1], ["Next", 1]]) {
    turn.append(press(text, () => { state.page += step; show(); section.scrollIntoView(); }));
  }
  for (const number of document.querySelectorAll("[data-find]")) {
    const [name, value] = number.dataset.find.split(/=(.*)/s), field = fields.get(name);
    if (!field?.values.includes(value)) continue;
    const button = press(number.textContent, () => {
      change(() => { clear(); state.chosen.set(name, value); });
      section.querySelector("h2").focus();
    }, "find");
    button.setAttribute("aria-label", number.textContent + ", show them: " + number.dataset.told);
    number.replaceChildren(button);
  }
}

let waiting = 0;
form.elements.q.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => change(() => { state.q = form.elements.q.value; }), DELAY);
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", readAddress);
addEventListener("beforeprint", () => { for (const fold of document.querySelectorAll(".opens details")) fold.open = true; });
build();
form.hidden = false;
part("static").hidden = true;
show();
readAddress();
