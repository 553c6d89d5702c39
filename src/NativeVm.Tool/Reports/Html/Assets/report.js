// Puts the sections of the report on the page.
// The moment of a replay that everything in its group shows.
class Moment {
  constructor(key) {
    this.key = key;
    this.watchers = new Map();
  }

  watch(owner, work) {
    this.watchers.set(owner, work);
  }

  set(x, source) {
    this.watchers.forEach((work, owner) => {
      if (owner !== source) {
        work(x);
      }
    });
  }
}

const drawers = {
  facts: drawFacts,
  lines: drawLines,
  bars: drawBars,
  table: drawTable,
  space: drawSpace,
};

function drawFacts(section, host) {
  host.append(element("dl", { className: "facts" }, ...section.facts.flatMap(fact => [
    element("dt", { textContent: fact.label }),
    element("dd", { textContent: fact.text }),
  ])));
}

function drawSection(section, moment) {
  const card = element("section", { className: "card" });
  card.dataset.kind = section.kind;
  card.append(element("h3", { textContent: section.title }));
  if (section.note) {
    card.append(element("p", { className: "note", textContent: section.note }));
  }
  return { card, draw: () => drawers[section.kind](section, card, moment) };
}

function drawGroup(group, index, main) {
  const moment = new Moment(`group-${index}`);
  if (group.title) {
    main.append(element("h2", { textContent: group.title }));
  }
  if (group.note) {
    main.append(element("p", { textContent: group.note }));
  }
  let pair = null;
  for (const section of group.sections) {
    const { card, draw } = drawSection(section, moment);
    if (section.kind === "lines" || (section.kind === "bars" && section.categories.length <= 4)) {
      pair ??= main.appendChild(element("div", { className: "pair" }));
      pair.append(card);
    } else {
      pair = null;
      main.append(card);
    }
    // In its place first: what is drawn takes the width of its card.
    draw();
  }
  // The charts tell the figures of the moment that the picture shows.
  const space = group.sections.find(section => section.kind === "space");
  if (space && space.xs.length > 1) {
    // Not before the charts know their scales, which they take from a task of their own.
    setTimeout(() => moment.set(space.xs[firstFrame(space)]), 0);
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.getElementById("theme").textContent = theme === "dark" ? "Light" : "Dark";
  redraws.forEach(redraw => redraw());
}

function main() {
  const report = JSON.parse(document.getElementById("data").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", event => setTheme(event.matches ? "dark" : "light"));
  document.getElementById("theme").addEventListener("click", () =>
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  document.getElementById("title").textContent = report.title;
  document.getElementById("subtitle").textContent = report.subtitle;
  document.getElementById("footer").textContent = report.footer;
  document.body.append(tip.box);
  report.groups.forEach((group, index) => drawGroup(group, index, document.getElementById("report")));
  document.body.dataset.ready = "true";
}

main();
