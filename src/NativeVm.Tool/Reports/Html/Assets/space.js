// The address spaces of one section, side by side in time: a slider goes through the moments, all lanes follow it.
const playMilliseconds = 6000;

const tip = {
  box: element("div", { id: "tip" }),
  show(event, text) {
    this.box.textContent = text;
    this.box.style.display = "block";
    this.box.style.left = `${Math.min(event.clientX + 14, window.innerWidth - this.box.offsetWidth - 8)}px`;
    this.box.style.top = `${Math.min(event.clientY + 16, window.innerHeight - this.box.offsetHeight - 8)}px`;
  },
  hide() {
    this.box.style.display = "none";
  },
};

function drawSpace(section, host, moment) {
  const stride = section.labels ? 7 : 6;
  const models = section.lanes.map(lane => new SpaceModel(lane, stride));
  const rowCount = models.length === 1 ? 12 : models.length === 2 ? 7 : 5;
  const lanes = models.map(model => new Lane(model, rowCount, section.labels, tip));
  const button = (text, label, work) => {
    const made = element("button", { type: "button", textContent: text, title: label });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", work);
    return made;
  };
  const controls = element("div", { className: "controls" });
  if (section.xs.length > 1) {
    controls.append(...timeControls(section, lanes, moment, button));
  }
  controls.append(
    button("−", "Zoom out", () => lanes.forEach(lane => lane.zoom(2))),
    button("+", "Zoom in", () => lanes.forEach(lane => lane.zoom(0.5))),
    button("←", "Lower addresses", () => lanes.forEach(lane => lane.pan(-0.5))),
    button("→", "Higher addresses", () => lanes.forEach(lane => lane.pan(0.5))),
    button("All", "Show all addresses", () => lanes.forEach(lane => lane.showAll())));
  const kinds = new Set(models.flatMap(model => [...Array(model.numbers.length / stride).keys()].map(i => model.numbers[(i * stride) + 2])));
  const legend = element("div", { className: "legend" }, ...[...kinds].sort().reverse().map(kind => {
    const key = element("i");
    key.style.background = `var(--${kindNames[kind]})`;
    return element("span", {}, key, kindNames[kind]);
  }));
  legend.append(element("span", { textContent: "Drag over rows to zoom, double-click for all; gaps in the picture are folded." }));
  host.append(controls, legend, ...lanes.map(lane => lane.root));
  host.dataset.points = models.reduce((sum, model) => sum + (model.numbers.length / stride), 0);
  lanes.forEach(lane => lane.setFrame(firstFrame(section)));
}

function timeControls(section, lanes, moment, button) {
  const slider = element("input", { type: "range", min: 0, max: section.xs.length - 1, step: 1 });
  slider.setAttribute("aria-label", section.xLabel);
  const output = element("output");
  const go = (frame, isOwn) => {
    slider.value = frame;
    output.textContent = `${section.xLabel} ${formats.count(section.xs[frame])}`;
    lanes.forEach(lane => lane.setFrame(frame));
    if (isOwn) {
      moment.set(section.xs[frame], section);
    }
  };
  slider.addEventListener("input", () => go(Number(slider.value), true));
  moment.watch(section, x => go(nearest(section.xs, x), false));
  let timer = 0;
  const play = button("Play", "Play through time", () => {
    if (timer !== 0) {
      clearInterval(timer);
      timer = 0;
    } else {
      let frame = Number(slider.value) === section.xs.length - 1 ? -1 : Number(slider.value);
      timer = setInterval(() => {
        go(++frame, true);
        if (frame === section.xs.length - 1) {
          clearInterval(timer);
          timer = 0;
          play.textContent = "Play";
        }
      }, Math.max(50, playMilliseconds / section.xs.length));
    }
    play.textContent = timer === 0 ? "Play" : "Stop";
  });
  go(firstFrame(section), false);
  return [play, slider, output];
}

function firstFrame(section) {
  return section.frame ?? section.xs.length - 1;
}

function nearest(values, value) {
  return values.reduce((best, one, i) => Math.abs(one - value) < Math.abs(values[best] - value) ? i : best, 0);
}
