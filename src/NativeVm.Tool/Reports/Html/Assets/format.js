// What goes wrong is left where a test of this page finds it.
const errors = [];
window.addEventListener("error", event => {
  errors.push(event.message);
  document.body.dataset.errors = errors.join("; ");
});

// Numbers for people: three digits that matter, and a unit.
const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

function digits(value) {
  const size = Math.abs(value);
  return value.toFixed(value === Math.floor(value) ? 0 : size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function scaled(value, step, units) {
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= step;
    unit++;
  }
  return `${digits(value)} ${units[unit]}`;
}

const formats = {
  bytes: value => scaled(value, 1024, byteUnits),
  nanoseconds: value => scaled(value, 1000, ["ns", "µs", "ms", "s"]),
  count: value => value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 1 ? 3 : 1 }),
  share: value => `${(value * 100).toFixed(1)} %`,
  ratio: value => value < 0.005 ? "<0.01 x" : `${digits(value)} x`,
  address: value => value.toString(16).padStart(12, "0"),
  text: value => value,
};

function format(unit, value) {
  return value === null || value === undefined ? "" : formats[unit](value);
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// Whatever is drawn with colours of the theme is drawn again when the theme changes.
const redraws = [];
