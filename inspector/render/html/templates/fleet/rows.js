"use strict";
// A row of the table, as the templates write it. Text of bundles is only ever set as text.
const data = JSON.parse(document.getElementById("data").textContent);
const ABSENT = "not here", NO_REPORT = "no report";
const [PAGE, PLACE, ORIGIN, STORE, GRADES, WORST, ISSUES, PROBLEMS, WEIGHTS, LICENSE, TERMS, FILES, BYTES, RULES, REASON, POLICY, VIOLATIONS, BROKEN] = Array(18).keys();

function make(tag, name, ...parts) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...parts);
  return element;
}

const pill = ([text, tone]) => make("span", "pill " + tone, text);
const count = (number) => number.toLocaleString("en-US");
const plural = (number, noun) => count(number) + " " + noun + (number === 1 ? "" : "s");

function spellBytes(number) {
  if (number < 1000) return number + " B";
  let size = number, unit = "B";
  for (unit of ["B", "kB", "MB", "GB", "TB"]) {
    if (size < 1000 || unit === "TB") break;
    size /= 1000;
  }
  return size.toFixed(1) + " " + unit;
}

function cell(name, title, ...parts) {
  const element = make("td", name, ...parts);
  element.setAttribute("role", "cell");
  element.dataset.name = title;
  return element;
}

function nameCell(row) {
  const name = row[PAGE] ? make("a", "", row[PLACE]) : make("span", "", row[PLACE]);
  if (row[PAGE]) name.setAttribute("href", "reports/" + row[PAGE] + ".html");
  const head = make("th", "", name);
  head.setAttribute("role", "rowheader");
  head.scope = "row";
  if (row[ORIGIN]) head.append(" ", make("small", "", "from " + row[ORIGIN]));
  if (row[PROBLEMS]) head.append(" ", make("small", "unread", plural(row[PROBLEMS], "place") + " could not be read"));
  if (data.reasons[row[REASON]]) head.append(" ", make("small", "unread", data.reasons[row[REASON]]));
  return head;
}

function gradeCell(row) {
  const found = cell("", "Grade");
  row[GRADES].forEach((grade, place) => {
    if (grade < 0) return;
    if (found.childNodes.length) found.append(" ");
    found.append(pill(data.grades[grade]));
    if (data.standards.length > 1) found.append(" ", make("small", "", data.standards[place]));
  });
  if (!found.childNodes.length) found.append(pill(data.worst[row[WORST]]));
  return found;
}

function showRow(row) {
  const issues = cell("", "Worst issue", pill(data.worst[row[WORST]]));
  if (row[ISSUES]) issues.append(" ", make("small", "", row[ISSUES] > 1 ? "of " + plural(row[ISSUES], "issue") : ""));
  const policy = cell("", "Policy");
  if (row[POLICY] >= 0) policy.append(pill(data.policy[row[POLICY]]));
  if (row[VIOLATIONS]) policy.append(" ", make("small", "", plural(row[VIOLATIONS], "violation")));
  const weights = cell("", "Terms of the weights", pill(data.weights[row[WEIGHTS]]));
  if (data.licenses[row[LICENSE]]) weights.append(" ", make("span", "said", data.licenses[row[LICENSE]]));
  const size = cell("number", "Size", spellBytes(row[BYTES]) + " ", make("small", "", plural(row[FILES], "file")));
  const shown = make("tr", "", nameCell(row), gradeCell(row), issues, ...(data.policy.length ? [policy] : []), weights, size);
  shown.setAttribute("role", "row");
  return shown;
}
