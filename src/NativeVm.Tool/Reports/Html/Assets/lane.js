// One address space on a canvas: rows of cells, each an equal share of the positions in view, under a strip that
// shows the whole of it and which part is in view.
const cellWidth = 3;
const rowHeight = 17;
const rowGap = 4;
const stripHeight = 12;
const marginWidth = 102;
const smallestView = 65536;

class Lane {
  constructor(model, rowCount, labels, tip) {
    this.model = model;
    this.rowCount = rowCount;
    this.labels = labels;
    this.tip = tip;
    this.frame = 0;
    this.view = [0, model.width];
    this.figures = element("span");
    this.canvas = element("canvas", { tabIndex: 0 });
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute(
      "aria-label",
      `Address space of ${model.name}. Arrow keys move, plus and minus zoom, 0 shows all.`);
    this.root = element(
      "div", { className: "lane" },
      element("div", { className: "lane-head" }, element("b", { textContent: model.name }), this.figures),
      this.canvas);
    this.listen();
    this.canvas.style.height = `${this.height}px`;
    new ResizeObserver(() => requestAnimationFrame(() => this.draw())).observe(this.canvas);
    redraws.push(() => this.draw());
  }

  get height() {
    return stripHeight + 8 + (this.rowCount * (rowHeight + rowGap));
  }

  setFrame(frame) {
    this.frame = frame;
    this.draw();
  }

  zoom(factor, at = (this.view[0] + this.view[1]) / 2) {
    const width = Math.min(Math.max((this.view[1] - this.view[0]) * factor, Math.min(smallestView, this.model.width)), this.model.width);
    const share = (at - this.view[0]) / (this.view[1] - this.view[0]);
    this.look(at - (width * share), width);
  }

  pan(share) {
    const width = this.view[1] - this.view[0];
    this.look(this.view[0] + (width * share), width);
  }

  look(start, width) {
    const first = Math.min(Math.max(start, 0), this.model.width - width);
    this.view = [first, first + width];
    this.draw();
  }

  showAll() {
    this.look(0, this.model.width);
  }

  draw() {
    const width = Math.floor(this.canvas.getBoundingClientRect().width);
    if (width < marginWidth + 50) {
      return;
    }
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.floor(width * scale);
    this.canvas.height = Math.floor(this.height * scale);
    this.columns = Math.floor((width - marginWidth) / cellWidth);
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    const palette = kindNames.map(name => colour(name));
    this.drawCells(context, palette, [0, this.model.width], 1, () => 0, stripHeight);
    this.drawWindow(context);
    const top = row => stripHeight + 8 + (row * (rowHeight + rowGap));
    this.drawCells(context, palette, this.view, this.rowCount, top, rowHeight);
    context.fillStyle = colour("faint");
    context.font = "11.5px ui-monospace, Consolas, monospace";
    context.textBaseline = "middle";
    for (let row = 0; row < this.rowCount; row++) {
      const address = this.model.addressOf(this.view[0] + ((this.view[1] - this.view[0]) * row / this.rowCount));
      context.fillText(formats.address(address - (address % 4096)), 0, top(row) + (rowHeight / 2));
    }
    this.tell();
  }

  drawCells(context, palette, view, rowCount, top, height) {
    const count = this.columns * rowCount;
    const pitch = (view[1] - view[0]) / count;
    const used = new Float64Array(count * 5);
    const weight = new Float64Array(count);
    for (const i of this.model.rectangles(this.frame)) {
      const [start, length, kind, share] = this.model.numbers.slice(i, i + 4);
      const from = (this.model.positionOf(start) - view[0]) / pitch;
      const to = (this.model.positionOf(start + length) - view[0]) / pitch;
      for (let cell = Math.max(0, Math.floor(from)); cell < Math.min(count, to); cell++) {
        const part = Math.min(to, cell + 1) - Math.max(from, cell);
        used[(cell * 5) + kind] += part;
        weight[cell] += kind >= 2 ? part * share / 15 : 0;
      }
    }
    for (let cell = 0; cell < count; cell++) {
      let kind = 0;
      for (let k = 2; k < 5; k++) {
        kind = used[(cell * 5) + k] > used[(cell * 5) + kind] || (kind === 0 && used[(cell * 5) + k] > 0) ? k : kind;
      }
      kind = kind === 0 && used[(cell * 5) + 1] > 0 ? 1 : kind;
      const x = marginWidth + ((cell % this.columns) * cellWidth);
      const y = top(Math.floor(cell / this.columns));
      context.globalAlpha = 1;
      context.fillStyle = palette[0];
      context.fillRect(x, y, cellWidth, height);
      context.globalAlpha = kind >= 2 ? 0.28 + (0.72 * Math.min(1, weight[cell])) : kind === 1 ? 0.5 : 0;
      context.fillStyle = palette[kind];
      context.fillRect(x, y, cellWidth, height);
    }
    context.globalAlpha = 1;
    this.drawFolds(context, view, rowCount, top, height);
  }

  // A fold is a gap in the picture: nothing is to scale there.
  drawFolds(context, view, rowCount, top, height) {
    const across = this.columns * cellWidth;
    const perPosition = across * rowCount / (view[1] - view[0]);
    context.fillStyle = colour("card");
    for (const segment of this.model.segments) {
      if (segment.isFolded) {
        const from = Math.max(0, (segment.position - view[0]) * perPosition);
        const to = Math.min(across * rowCount, (segment.position + segment.width - view[0]) * perPosition);
        for (let x = from; x < to; x = (Math.floor(x / across) + 1) * across) {
          const row = Math.floor(x / across);
          const end = Math.min(to, (row + 1) * across);
          context.fillRect(marginWidth + x - (row * across), top(row) - 1, Math.max(2, end - x), height + 2);
        }
      }
    }
  }

  drawWindow(context) {
    if (this.view[1] - this.view[0] < this.model.width) {
      const across = this.columns * cellWidth / this.model.width;
      context.strokeStyle = colour("text");
      context.lineWidth = 1.5;
      context.strokeRect(
        marginWidth + (this.view[0] * across), 0.75,
        Math.max(3, (this.view[1] - this.view[0]) * across), stripHeight - 1.5);
    }
  }

  tell() {
    let memory = 0;
    let used = 0;
    let mapped = 0;
    let ranges = 0;
    for (const i of this.model.rectangles(this.frame)) {
      const [, length, kind, share] = this.model.numbers.slice(i, i + 4);
      mapped += length;
      memory += kind >= 2 ? length : 0;
      used += kind >= 2 ? length * share / 15 : 0;
      ranges++;
    }
    const shares = Math.abs(used - memory) > memory / 100 ? ` (${formats.share(used / memory)} used)` : "";
    this.figures.textContent =
      `${formats.bytes(memory)} of memory${shares}, ${formats.bytes(mapped)} mapped, ${formats.count(ranges)} runs`;
  }

  positionAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - marginWidth) / (this.columns * cellWidth);
    const y = event.clientY - box.top;
    const isStrip = y < stripHeight + 4;
    const row = Math.floor((y - stripHeight - 8) / (rowHeight + rowGap));
    if (x < 0 || x >= 1 || row >= this.rowCount) {
      return null;
    }
    const [start, end] = isStrip ? [0, this.model.width] : this.view;
    return { isStrip, position: start + ((isStrip ? x : (Math.max(row, 0) + x) / this.rowCount) * (end - start)) };
  }

  listen() {
    let pressed = null;
    this.canvas.addEventListener("pointerdown", event => { pressed = this.positionAt(event); });
    this.canvas.addEventListener("pointerup", event => {
      const at = this.positionAt(event);
      if (at !== null && pressed !== null) {
        this.select(pressed, at);
      }
      pressed = null;
    });
    this.canvas.addEventListener("pointermove", event => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.tip.hide());
    this.canvas.addEventListener("dblclick", () => this.showAll());
    this.canvas.addEventListener("wheel", event => {
      const at = this.positionAt(event);
      if (at !== null && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.zoom(event.deltaY > 0 ? 1.25 : 0.8, at.position);
      }
    }, { passive: false });
    this.canvas.addEventListener("keydown", event => {
      const work = {
        "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2), 0: () => this.showAll(),
        ArrowLeft: () => this.pan(-0.25), ArrowRight: () => this.pan(0.25),
        ArrowUp: () => this.pan(-1 / this.rowCount), ArrowDown: () => this.pan(1 / this.rowCount),
      }[event.key];
      if (work) {
        event.preventDefault();
        work();
      }
    });
  }

  // A drag over the rows looks at what was dragged over; a click on the strip goes there.
  select(from, to) {
    const width = this.view[1] - this.view[0];
    if (from.isStrip) {
      this.look(to.position - (width / 2), width);
    } else if (Math.abs(to.position - from.position) > width / (this.columns * this.rowCount) * 4) {
      this.look(Math.min(from.position, to.position), Math.max(Math.abs(to.position - from.position), Math.min(smallestView, this.model.width)));
    }
  }

  point(event) {
    const at = this.positionAt(event);
    if (at === null) {
      this.tip.hide();
      return;
    }
    const address = this.model.addressOf(at.position);
    let lines = [`${formats.address(address)}`, "free"];
    if (this.model.find("position", at.position).isFolded) {
      const segment = this.model.find("position", at.position);
      lines = [`${formats.address(segment.start)} - ${formats.address(segment.end)}`, `${formats.bytes(segment.end - segment.start)}, folded: nothing to see`];
    }
    for (const i of this.model.rectangles(this.frame)) {
      const [start, length, kind, share, , , label] = this.model.numbers.slice(i, i + this.model.stride);
      if (start <= address && address < start + length) {
        lines = [
          `${formats.address(start)} - ${formats.address(start + length)}`,
          `${formats.bytes(length)} ${kindNames[kind]}${kind >= 2 && share < 15 ? `, ${Math.round(share / 0.15)} % used` : ""}`,
          ...(label > 0 ? [this.labels[label]] : []),
        ];
      }
    }
    this.tip.show(event, lines.join("\n"));
  }
}
