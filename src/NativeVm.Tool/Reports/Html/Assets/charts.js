// Line and bar charts by uPlot. A line chart of a replay shares its moment with the other charts of its group and
// with the picture of the address space.
const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4], [1, 4], [6, 2, 2, 2]];
const powersOfTwo = Array.from({ length: 52 }, (_, i) => 2 ** i);
const chartHeight = 250;
const longestName = 18;

function axisBase(extra) {
  return {
    stroke: colour("faint"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { stroke: colour("line"), width: 1 },
    font: "12px system-ui, sans-serif",
    labelFont: "12px system-ui, sans-serif",
    ...extra,
  };
}

function valueAxis(section) {
  return axisBase({
    size: 78,
    label: section.axis,
    labelSize: 18,
    labelGap: 2,
    incrs: section.unit === "bytes" ? powersOfTwo : undefined,
    values: (_, splits) => splits.map(value => format(section.unit, value)),
  });
}

// Lines and labels at powers of ten only.
function logarithmicAxis(section) {
  const filter = (_, splits) => splits.map(value => Math.abs(Math.log10(value) % 1) < 1e-9 ? value : null);
  const axis = valueAxis(section);
  return {
    ...axis,
    incrs: undefined,
    filter,
    grid: { ...axis.grid, filter },
    ticks: { ...axis.ticks, filter },
    values: (_, splits) => splits.map(value => value === null ? null : format(section.unit, value)),
  };
}

function tone(series, place) {
  return (series.tone ?? place) % 8;
}

function mountChart(section, host, makeOptions, data, onMade) {
  const holder = element("div", { className: "chart" });
  holder.setAttribute("role", "img");
  holder.setAttribute("aria-label", `${section.title}: ${section.series.map(one => one.name).join(", ")}`);
  holder.dataset.points = section.series.reduce((sum, one) => sum + one.values.filter(value => value !== null).length, 0);
  host.append(holder);
  let chart = null;
  const width = () => Math.max(280, Math.floor(holder.getBoundingClientRect().width));
  const make = () => {
    chart?.destroy();
    chart = new uPlot({ width: width(), height: chartHeight, ...makeOptions() }, data, holder);
    onMade?.(chart);
  };
  make();
  redraws.push(make);
  new ResizeObserver(() => {
    requestAnimationFrame(() => {
      if (width() !== chart.width) {
        chart.setSize({ width: width(), height: chartHeight });
      }
    });
  }).observe(holder);
}

function drawLines(section, host, moment) {
  const options = () => ({
    cursor: { y: false, sync: { key: moment.key, setSeries: false }, drag: { x: true, y: false } },
    scales: {
      x: { time: false },
      y: { range: (_, low, high) => section.unit === "share" ? [0, 1] : [Math.min(0, low ?? 0), Math.max(high ?? 0, 1) * 1.06] },
    },
    axes: [
      axisBase({ label: section.xLabel, size: 32, labelSize: 16, labelGap: 0, values: (_, splits) => splits.map(formats.count) }),
      valueAxis(section),
    ],
    series: [
      { label: section.xLabel, value: (_, value) => value === null ? "--" : formats.count(value) },
      ...section.series.map((one, i) => ({
        label: one.name,
        stroke: colour(`series-${tone(one, i)}`),
        dash: dashes[tone(one, i)],
        width: 2,
        points: { show: section.xs.length < 3 },
        value: (_, value) => value === null ? "--" : format(section.unit, value),
      })),
    ],
  });
  mountChart(section, host, options, [section.xs, ...section.series.map(one => one.values)], chart => {
    chart.over.addEventListener("click", () => {
      if (chart.cursor.idx !== null && chart.cursor.idx !== undefined) {
        moment.set(section.xs[chart.cursor.idx]);
      }
    });
    moment.watch(section, x => chart.setCursor({ left: chart.valToPos(x, "x"), top: chart.over.clientHeight / 2 }, false));
  });
}

// Each bar has a place of its own on the x axis: a cluster for each category, in it a place for each series.
function drawBars(section, host) {
  const pitch = section.series.length + 1;
  const places = [];
  section.categories.forEach((_, c) => section.series.forEach((_, s) => places.push((c * pitch) + s)));
  const data = [
    places,
    ...section.series.map((one, s) => places.map(x => x % pitch === s ? one.values[Math.floor(x / pitch)] : null)),
  ];
  const centre = section.categories.map((_, c) => (c * pitch) + ((pitch - 2) / 2));
  const positive = section.series.flatMap(one => one.values).filter(value => value > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...positive, Infinity) / 1.5));
  const isLog = section.isLogarithmic && positive.length !== 0;
  const options = () => ({
    cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: [-1, (section.categories.length * pitch) - 1] },
      y: isLog ? { distr: 3, range: (_, __, high) => [low, high * 1.5] } : { range: (_, __, high) => [0, Math.max(high, 1e-9) * 1.06] },
    },
    axes: [
      axisBase({
        grid: { show: false },
        splits: () => centre,
        values: () => section.categories.map(name => name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name),
        size: section.categories.length > 8 ? 96 : 34,
        rotate: section.categories.length > 8 ? -40 : 0,
      }),
      isLog ? logarithmicAxis(section) : valueAxis(section),
    ],
    series: [
      { label: section.xLabel, value: (_, x) => x === null ? "--" : section.categories[Math.floor(x / pitch)] },
      ...section.series.map((one, i) => ({
        label: one.name,
        stroke: colour(`series-${tone(one, i)}`),
        fill: colour(`series-${tone(one, i)}`),
        paths: uPlot.paths.bars({ size: [0.86, 46], radius: 0.08 }),
        points: { show: false },
        // Whichever bar of a cluster the pointer is at, the legend tells the whole cluster.
        value: (chart, _, __, index) => index === null || index === undefined
          ? "--"
          : format(section.unit, one.values[Math.floor(places[index] / pitch)]),
      })),
    ],
  });
  mountChart(section, host, options, data);
}
