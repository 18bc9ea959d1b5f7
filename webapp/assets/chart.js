// A node of SVG.
inkling.svg = (name, attributes, text = "") => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
};

// A line chart over a run's snapshots, as SVG: one place for every chart of the page.
inkling.chart = (() => {
  const { svg } = inkling;
  const WIDTH = [280, 720]; // at least, at most
  const HEIGHT = 250;
  const LEFT = 52;
  const RIGHT = 30;
  const TOP = 12;
  const BOTTOM = 44;
  const TICKS = 5; // labels along the snapshots

  // Draw into the element: `images` seen at every snapshot; `lines`, each {values, name, label};
  // `top`, the highest value of the axis; `format` of its labels; `label`, the chart in words.
  // Returns a function that moves the cursor to a snapshot.
  return (element, { images, lines, top, format, label, mark = null }) => {
    const width = Math.min(Math.max(element.clientWidth, WIDTH[0]), WIDTH[1]);
    const x = (index) => LEFT + (index * (width - LEFT - RIGHT)) / (images.length - 1);
    const y = (value) => HEIGHT - BOTTOM - (Math.min(value, top) * (HEIGHT - TOP - BOTTOM)) / top;
    const chart = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label });
    for (const share of [0, 0.5, 1]) {
      const height = y(share * top);
      chart.append(
        svg("line", { x1: LEFT, x2: width - RIGHT, y1: height, y2: height, class: "chart-grid" }),
        svg("text", { x: LEFT - 8, y: height + 4, class: "chart-label end" }, format(share * top)),
      );
    }
    for (let tick = 0; tick < TICKS; tick += 1) {
      const index = Math.round((tick * (images.length - 1)) / (TICKS - 1));
      const text = inkling.count(images[index]);
      chart.append(svg("text", { x: x(index), y: HEIGHT - BOTTOM + 18, class: "chart-label middle" }, text));
    }
    const middle = (LEFT + width - RIGHT) / 2;
    chart.append(
      svg("text", { x: middle, y: HEIGHT - 6, class: "chart-label middle" }, inkling.say("chart_axis")),
    );
    if (mark !== null) {
      chart.append(svg("line", { x1: x(mark), x2: x(mark), y1: TOP, y2: HEIGHT - BOTTOM, class: "chart-mark" }));
    }
    for (const { values, name, label: lineLabel } of lines) {
      const points = values.map((value, index) => `${x(index)},${y(value)}`).join(" ");
      chart.append(svg("polyline", { points, class: `chart-line ${name}` }));
      const end = { x: width - RIGHT + 6, y: y(values.at(-1)) + 4, class: `chart-label ${name}` };
      if (lineLabel) chart.append(svg("text", end, lineLabel));
    }
    const cursor = svg("line", { y1: TOP, y2: HEIGHT - BOTTOM, class: "chart-cursor" });
    chart.append(cursor);
    element.replaceChildren(chart);
    return (index) => {
      cursor.setAttribute("x1", x(index));
      cursor.setAttribute("x2", x(index));
    };
  };
})();
