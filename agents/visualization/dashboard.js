(() => {
  "use strict";
  const { dimensions, time, measures, plots, cube, words, colors } = dashboard;
  const language = document.documentElement.lang;
  const TIME = -1, NO_PERIOD = 0xffff, MAX_SERIES = colors.series.length;

  const decode = (text, type) => text && new type(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const periods = decode(cube.periods, Uint16Array);
  const codes = cube.codes.map((text) => decode(text, Uint8Array));
  const rows = decode(cube.rows, Uint32Array);
  const sums = cube.sums.map((text) => decode(text, Float64Array));
  const counts = cube.counts.map((text, m) => decode(text, Uint32Array) || (sums[m] && rows));

  const chosen = dimensions.map(() => new Set());
  const span = { from: 0, to: time.labels.length - 1 };
  const whole = () => span.from === 0 && span.to === time.labels.length - 1;
  const lengthOf = (axis) => (axis === TIME ? time.labels.length : dimensions[axis].names.length);
  const placeOf = (axis, cell) => (axis === TIME ? periods[cell] : codes[axis][cell]);

  // Sums and counts of the cells that pass every filter but those on `except`, by the places on `axes`.
  const totals = (axes, except = axes) => {
    const size = axes.reduce((product, axis) => product * lengthOf(axis), 1);
    const found = { rows: new Float64Array(size), sums: measures.map(() => new Float64Array(size)), counts: measures.map(() => new Float64Array(size)) };
    const limits = chosen.map((names, d) => [names, codes[d], d]).filter(([names, , d]) => names.size && !except.includes(d));
    const limited = !whole() && !except.includes(TIME);
    for (let cell = 0; cell < cube.cells; cell += 1) {
      if (limited && (periods[cell] < span.from || periods[cell] > span.to)) continue;
      if (limits.some(([names, places]) => !names.has(places[cell]))) continue;
      if (axes.includes(TIME) && periods[cell] === NO_PERIOD) continue;
      let at = 0;
      for (const axis of axes) at = at * lengthOf(axis) + placeOf(axis, cell);
      found.rows[at] += rows[cell];
      sums.forEach((sum, m) => {
        if (!sum) return;
        found.sums[m][at] += sum[cell];
        found.counts[m][at] += counts[m][cell];
      });
    }
    return found;
  };
  const merged = (found, places) => {
    const one = { rows: [0], sums: measures.map(() => [0]), counts: measures.map(() => [0]) };
    for (const at of places) {
      one.rows[0] += found.rows[at];
      measures.forEach((_, m) => { one.sums[m][0] += found.sums[m][at]; one.counts[m][0] += found.counts[m][at]; });
    }
    return one;
  };
  const valueOf = (found, m, at) => {
    if (measures[m].how === "count") return found.rows[at] || null;
    if (!found.counts[m][at]) return null;
    return measures[m].how === "sum" ? found.sums[m][at] : found.sums[m][at] / found.counts[m][at];
  };

  const full = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const small = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const exact = (m, value) => {
    if (value === null) return "–";
    if (measures[m].how === "rate") return percent.format(value);
    return (Math.abs(value) < 1 && !Number.isInteger(value) ? small : full).format(value).replace("-", "−");
  };
  const rounded = (value) => (Math.abs(value) < 1000 ? small : short).format(value).replace("-", "−");
  const brief = (m, value) => {
    if (value === null) return "–";
    return measures[m].how === "rate" ? percent.format(value) : rounded(value);
  };
  const put = (template, values) => template.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const safe = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axisLabels = (axis) => (axis === TIME ? time.starts : dimensions[axis].names.map(safe));
  const inside = (axis, place) => (axis === TIME ? place >= span.from && place <= span.to : !chosen[axis].size || chosen[axis].has(place));
  const axisLook = (extra = {}) => ({ automargin: true, gridcolor: css("--rule"), zerolinecolor: css("--rule"), fixedrange: true, ...extra });
  const timeAxis = () => axisLook({ type: "date", showgrid: false, nticks: innerWidth < 560 ? 4 : 7 });
  const nameAxis = (axis, extra = {}) => axisLook({ type: "category", showgrid: false, categoryorder: "array", categoryarray: axisLabels(axis), ...extra });
  // About five round ticks over the values, from zero where lengths are compared.
  const valueAxis = (m, values, { zero, ...extra }) => {
    const known = values.filter((value) => value !== null);
    const low = Math.min(...known, ...(zero || !known.length ? [0] : [])), high = Math.max(...known, ...(zero || !known.length ? [0] : []));
    const raw = (high - low || Math.abs(high) || 1) / 5, power = 10 ** Math.floor(Math.log10(raw));
    const step = power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw);
    const first = Math.floor(low / step), last = Math.ceil(high / step + (zero ? 0 : 1e-9));
    const tickvals = [...Array(last - first + 1).keys()].map((place) => Number(((first + place) * step).toPrecision(12)));
    const ticktext = tickvals.map((value) => (measures[m].how === "rate" ? `${Number((value * 100).toPrecision(6))}%` : rounded(value)));
    return axisLook({ tickvals, ticktext, range: [first * step, (last + (zero ? 0.04 : 0)) * step], ...extra });
  };
  const base = (more) => ({
    autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, dragmode: false,
    font: { family: css("--sans"), size: innerWidth < 560 ? 11 : 12, color: css("--ink") }, margin: { l: 12, r: 16, t: 12, b: 8 }, hovermode: "closest",
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, itemclick: false, itemdoubleclick: false }, ...more,
  });
  const shown = (axis) => [...Array(lengthOf(axis)).keys()];
  // Largest first, unless the names have an order of their own; what stands for the rest comes last.
  const ranked = (axis, value) => {
    const places = shown(axis).filter((place) => value(place) !== null);
    if (axis === TIME || dimensions[axis].ordered) return places;
    const last = (place) => place >= dimensions[axis].own;
    return places.sort((a, b) => last(a) - last(b) || value(b) - value(a) || a - b);
  };
  // The first groups are series of their own, the smaller ones together are the last.
  const seriesOf = (axis) => {
    const places = shown(axis);
    if (places.length <= MAX_SERIES) return places.map((place) => ({ name: dimensions[axis].names[place], places: [place], color: colors.series[place] }));
    const own = places.slice(0, MAX_SERIES - 1);
    return [
      ...own.map((place) => ({ name: dimensions[axis].names[place], places: [place], color: colors.series[place] })),
      { name: words.rest, places: places.slice(MAX_SERIES - 1), color: colors.rest },
    ];
  };
  const HOVER = "%{text}<extra></extra>";
  const says = (names, m, value) => `${names.map(safe).join(" · ")}<br>${safe(measures[m].label)}: <b>${exact(m, value)}</b>`;
  const nameAt = (axis, place) => (axis === TIME ? time.labels[place] : dimensions[axis].names[place]);

  const oneSided = (plot) => {
    const { measure: m, x } = plot;
    const found = totals([x]);
    const value = (place) => valueOf(found, m, place);
    if (x === TIME) {
      const places = shown(TIME);
      const trace = {
        x: time.starts, y: places.map(value), customdata: places.map((place) => [place]), text: places.map((place) => says([nameAt(x, place)], m, value(place))),
        hovertemplate: HOVER, textposition: "none",
      };
      if (plot.form === "bar") Object.assign(trace, { type: "bar", marker: { color: colors.series[0], opacity: places.map((place) => (inside(x, place) ? 1 : 0.3)) } });
      else Object.assign(trace, {
        type: "scatter", mode: "lines+markers", line: { color: colors.series[0], width: 2 }, fill: plot.form === "area" ? "tozeroy" : "none",
        marker: { size: places.length > 60 ? 4 : 7, color: colors.series[0], opacity: places.map((place) => (inside(x, place) ? 1 : 0.3)) },
      });
      return [[trace], base({ xaxis: timeAxis(), yaxis: valueAxis(m, trace.y, { zero: plot.form !== "line" }), shapes: spanShape() })];
    }
    const places = ranked(x, value);
    const names = places.map((place) => safe(nameAt(x, place)));
    const opacity = places.map((place) => (inside(x, place) ? 1 : 0.3));
    const text = places.map((place) => brief(m, value(place)));
    const hover = { customdata: places.map((place) => [place]), hovertext: places.map((place) => says([nameAt(x, place)], m, value(place))), hovertemplate: "%{hovertext}<extra></extra>" };
    const values = places.map(value);
    if (plot.form === "pie") {
      const pull = places.map((place) => (chosen[x].has(place) ? 0.06 : 0));
      return [[{ type: "pie", labels: names, values, pull, hole: 0.55, sort: false, direction: "clockwise", textinfo: "label+percent", textposition: "outside", automargin: true,
        marker: { colors: places.map((place) => fade(place < MAX_SERIES ? colors.series[place] : colors.rest, inside(x, place))), line: { color: css("--ground"), width: 2 } }, ...hover }], base({ margin: { l: 24, r: 24, t: 24, b: 24 } })];
    }
    if (plot.form === "treemap") {
      return [[{ type: "treemap", labels: names, parents: places.map(() => ""), values, ids: places.map(String), textinfo: "label+percent root", pathbar: { visible: false }, tiling: { pad: 2 }, ...hover,
        marker: { colors: places.map((place) => fade(place < MAX_SERIES ? colors.series[place] : colors.rest, inside(x, place))) } }], base({ margin: { l: 0, r: 0, t: 4, b: 4 } })];
    }
    const flat = !dimensions[x].ordered;
    const dots = plot.form === "lollipop";
    const line = plot.form === "line";
    const trace = {
      ...(flat ? { x: values, y: names, orientation: "h" } : { x: names, y: values }), text, textposition: dots || line ? (flat ? "middle right" : "top center") : "outside", cliponaxis: false, ...hover,
      ...(dots || line ? { type: "scatter", mode: line ? "lines+markers+text" : "markers+text", marker: { size: 12, color: colors.series[0], opacity }, line: { color: colors.series[0] } }
        : { type: "bar", marker: { color: colors.series[0], opacity } }),
    };
    if (dots || line) delete trace.orientation;
    const axisOfNames = nameAxis(x, { categoryarray: flat ? names.toReversed() : names });
    const axisOfValues = valueAxis(m, values, { zero: !dots || measures[m].how !== "mean", showticklabels: dots, showgrid: dots });
    return [[trace], base({ xaxis: flat ? axisOfValues : axisOfNames, yaxis: flat ? axisOfNames : axisOfValues, bargap: 0.25, margin: { l: 8, r: flat ? 64 : 16, t: 20, b: 8 } })];
  };
  const spanShape = () => (whole() ? [] : [{
    type: "rect", xref: "x", yref: "paper", x0: time.starts[span.from], x1: time.ends[span.to], y0: 0, y1: 1, line: { width: 0 }, fillcolor: colors.series[0], opacity: 0.12, layer: "below",
  }]);
  const fade = (color, full) => (full ? color : `${color}4d`);

  const twoSided = (plot) => {
    const { measure: m, x, series: by, form } = plot;
    const found = totals([x, by]);
    const width = lengthOf(by);
    const places = ranked(x, (place) => valueOf(merged(found, shown(by).map((other) => place * width + other)), m, 0) ?? (x === TIME ? 0 : null));
    const labels = places.map((place) => (x === TIME ? time.starts[place] : safe(nameAt(x, place))));
    if (form === "heatmap") return heatmap(plot, found, places, labels);
    const lines = form === "line" || form === "area";
    const traces = seriesOf(by).map((one) => {
      const values = places.map((place) => valueOf(merged(found, one.places.map((other) => place * width + other)), m, 0));
      const lit = one.places.some((place) => inside(by, place));
      const trace = {
        name: safe(one.name), x: labels, y: values, customdata: places.map((place) => [place, one.places]), textposition: "none",
        text: places.map((place, at) => says([nameAt(x, place), one.name], m, values[at])), hovertemplate: HOVER,
      };
      if (lines) return { ...trace, type: "scatter", mode: "lines+markers", opacity: lit ? 1 : 0.25, line: { color: one.color, width: 2 }, marker: { size: 5 }, ...(form === "area" ? { stackgroup: "one", fillcolor: fade(one.color, false) } : {}) };
      return { ...trace, type: "bar", marker: { color: one.color, opacity: places.map((place) => (lit && inside(x, place) ? 1 : 0.25)) } };
    });
    const stacks = places.flatMap((_, at) => [0, traces.reduce((sum, trace) => sum + (trace.y[at] ?? 0), 0)]);
    return [traces, base({
      showlegend: true, barmode: form === "grouped" ? "group" : "stack", barnorm: form === "share" ? "fraction" : "", bargap: 0.2,
      xaxis: x === TIME ? timeAxis() : nameAxis(x, { categoryarray: labels }),
      yaxis: form === "share" ? axisLook({ tickformat: ".0%" }) : valueAxis(m, form === "stacked" || form === "area" ? stacks : traces.flatMap((trace) => trace.y), { zero: form !== "line" }), shapes: x === TIME ? spanShape() : [],
    })];
  };
  const heatmap = ({ measure: m, x, series: by }, found, places, labels) => {
    const width = lengthOf(by);
    const others = shown(by);
    const z = others.map((other) => places.map((place) => valueOf(found, m, place * width + other)));
    const names = others.map((other) => safe(nameAt(by, other)));
    const lit = chosen[by].size || (x === TIME ? !whole() : chosen[x].size);
    const shapes = lit ? others.flatMap((other, row) => places.flatMap((place, column) => (inside(x, place) && inside(by, other) && places.length * others.length < 300 ? [{
      type: "rect", xref: "x", yref: "y", x0: column - 0.5, x1: column + 0.5, y0: row - 0.5, y1: row + 0.5, line: { color: css("--ink"), width: 2 },
    }] : []))) : [];
    const { tickvals, ticktext } = valueAxis(m, z.flat(), {});
    const roomy = places.length * others.length <= 80 && innerWidth >= 560;
    return [[{
      type: "heatmap", x: labels, y: names, z, xgap: 1, ygap: 1, hoverongaps: false, colorscale: colors.scale, colorbar: { thickness: 10, outlinewidth: 0, tickvals, ticktext },
      text: z.map((line) => line.map((value) => (value === null ? "" : brief(m, value)))), texttemplate: roomy ? "%{text}" : "",
      customdata: others.map((other) => places.map((place) => [place, [other]])),
      hovertext: others.map((other, row) => places.map((place, column) => says([nameAt(x, place), nameAt(by, other)], m, z[row][column]))), hovertemplate: "%{hovertext}<extra></extra>",
    }], base({ xaxis: axisLook({ type: "category", showgrid: false, ...(x === TIME ? { tickvals: labels, ticktext: places.map((place) => time.labels[place]), nticks: 8 } : {}) }), yaxis: axisLook({ type: "category", showgrid: false, autorange: "reversed" }), shapes })];
  };

  const scattered = ({ measure: m, x, against }) => {
    const found = totals([x]);
    const places = shown(x).filter((place) => valueOf(found, m, place) !== null && valueOf(found, against, place) !== null);
    const most = Math.max(...places.map((place) => found.rows[place]));
    return [[{
      type: "scatter", mode: "markers+text", x: places.map((place) => valueOf(found, against, place)), y: places.map((place) => valueOf(found, m, place)), cliponaxis: false,
      text: places.map((place) => safe(nameAt(x, place))), textposition: "top center", textfont: { size: 11 }, customdata: places.map((place) => [place]),
      marker: { size: places.map((place) => 8 + 26 * Math.sqrt(found.rows[place] / most)), color: colors.series[0], opacity: places.map((place) => (inside(x, place) ? 0.7 : 0.2)) },
      hovertext: places.map((place) => `${says([nameAt(x, place)], m, valueOf(found, m, place))}<br>${safe(measures[against].label)}: <b>${exact(against, valueOf(found, against, place))}</b>`), hovertemplate: "%{hovertext}<extra></extra>",
    }], base({ xaxis: valueAxis(against, places.map((place) => valueOf(found, against, place)), { title: { text: safe(measures[against].label) } }), yaxis: valueAxis(m, places.map((place) => valueOf(found, m, place)), { title: { text: safe(measures[m].label) } }), margin: { l: 8, r: 32, t: 28, b: 8 } })];
  };
  const figureOf = (plot) => (plot.form === "scatter" ? scattered : plot.series === null ? oneSided : twoSided)(plot);

  const paint = (plot, place) => {
    [plot.data, plot.layout] = figureOf(plots[place]);
    return Plotly.redraw(plot);
  };

  const toggle = (axis, places, more) => {
    if (axis === TIME) {
      const [place] = places;
      const alone = span.from === place && span.to === place;
      Object.assign(span, alone ? { from: 0, to: time.labels.length - 1 } : more ? { from: Math.min(span.from, place), to: Math.max(span.to, place) } : { from: place, to: place });
      return;
    }
    const names = chosen[axis];
    const all = places.every((place) => names.has(place));
    if (more) places.forEach((place) => (all ? names.delete(place) : names.add(place)));
    else {
      const alone = all && names.size === places.length;
      names.clear();
      if (!alone) places.forEach((place) => names.add(place));
    }
    if (names.size === lengthOf(axis)) names.clear();
  };
  const clicked = (place, point, event) => {
    const { x, series } = plots[place];
    const data = point.customdata;
    const more = Boolean(event && (event.shiftKey || event.ctrlKey || event.metaKey));
    const two = series !== null && inside(x, data[0]) && data[1].every((other) => inside(series, other)) && (x === TIME ? span.from === span.to : chosen[x].size === 1) && chosen[series].size === data[1].length;
    if (two) {
      chosen[series].clear();
      if (x === TIME) Object.assign(span, { from: 0, to: time.labels.length - 1 });
      else chosen[x].clear();
    } else if (series !== null) {
      for (const [axis, places] of [[x, [data[0]]], [series, data[1]]]) {
        if (axis === TIME) Object.assign(span, { from: places[0], to: places[0] });
        else {
          if (!more) chosen[axis].clear();
          places.forEach((one) => chosen[axis].add(one));
        }
      }
    } else toggle(x, [data].flat(Infinity), more);
    update();
  };

  const bar = make("div", { class: "filters", role: "group", "aria-label": words.filters });
  const lists = dimensions.map((dimension, d) => {
    const summary = make("summary", {}, dimension.label);
    const boxes = dimension.names.map((name, place) => {
      const box = make("input", { type: "checkbox" });
      box.addEventListener("change", () => { toggle(d, [place], true); update(); });
      return box;
    });
    const list = make("details", { class: "filter" }, summary, make("div", { class: "names" }, ...boxes.map((box, place) => make("label", {}, box, ` ${dimension.names[place]}`))));
    list.addEventListener("keydown", (event) => { if (event.key === "Escape") { list.open = false; summary.focus(); } });
    bar.append(list);
    return { boxes, summary, list };
  });
  document.addEventListener("click", (event) => lists.forEach(({ list }) => { if (!list.contains(event.target)) list.open = false; }));
  const ends = ["from", "to"].map((end) => {
    const select = make("select", {});
    time.labels.forEach((label, place) => select.add(new Option(label, place)));
    select.addEventListener("change", () => {
      span[end] = Number(select.value);
      if (span.from > span.to) [span.from, span.to] = [span.to, span.from];
      update();
    });
    if (time.labels.length) bar.append(make("label", { class: "end" }, `${words[end]} `, select));
    return select;
  });
  const reset = make("button", { type: "button", class: "reset" }, words.reset);
  reset.addEventListener("click", () => {
    chosen.forEach((names) => names.clear());
    Object.assign(span, { from: 0, to: time.labels.length - 1 });
    update();
  });
  const said = make("p", { class: "said", role: "status", "aria-live": "polite" });
  bar.append(reset);
  document.querySelector("#filters > .note").before(bar, said);

  const tiles = [...document.querySelectorAll("#numbers .tiles div")];
  const tellTiles = (found) => tiles.forEach((tile, m) => {
    const value = valueOf(found, m, 0);
    const text = exact(m, value), large = value !== null && Math.abs(value) >= 1e5 ? brief(m, value) : text;
    tile.querySelector("dd").replaceChildren(large, make("small", {}, text === large ? "" : text));
    tile.dataset.value = value === null ? "" : String(value);
  });
  const table = document.querySelector("#groups table");
  const picker = make("select", { "aria-label": words.by });
  dimensions.forEach((dimension, d) => picker.add(new Option(dimension.label, d)));
  picker.addEventListener("change", () => tellTable());
  if (table && dimensions.length) document.querySelector("#groups .grid").before(make("label", { class: "by" }, `${words.by} `, picker));
  const tellTable = () => {
    if (!table || !dimensions.length) return;
    const d = Number(picker.value);
    const found = totals([d]);
    table.tHead.rows[0].cells[0].textContent = dimensions[d].label;
    table.tBodies[0].replaceChildren(...ranked(d, (place) => (found.rows[place] ? valueOf(found, 0, place) ?? -Infinity : null)).map((place) => {
      const button = make("button", { type: "button", class: "name", "aria-pressed": String(chosen[d].has(place)) }, dimensions[d].names[place]);
      button.addEventListener("click", (event) => {
        toggle(d, [place], event.shiftKey || event.ctrlKey || event.metaKey);
        update();
        [...table.querySelectorAll(".name")].find((one) => one.textContent === dimensions[d].names[place])?.focus();
      });
      const line = make("tr", inside(d, place) ? {} : { class: "outside" }, make("td", { class: "text" }, button));
      measures.forEach((_, m) => {
        const value = valueOf(found, m, place);
        line.append(make("td", { class: "number", "data-value": value === null ? "" : String(value) }, exact(m, value)));
      });
      return line;
    }));
  };
  const tellFilters = (found) => {
    lists.forEach(({ boxes, summary }, d) => {
      boxes.forEach((box, place) => { box.checked = chosen[d].has(place); });
      summary.textContent = chosen[d].size ? `${dimensions[d].label} (${chosen[d].size})` : dimensions[d].label;
    });
    ends[0].value = span.from;
    ends[1].value = span.to;
    const parts = dimensions.flatMap((dimension, d) => (chosen[d].size ? [`${dimension.label}: ${[...chosen[d]].sort((a, b) => a - b).map((place) => dimension.names[place]).join(", ")}`] : []));
    if (!whole()) parts.push(span.from === span.to ? time.labels[span.from] : `${time.labels[span.from]} – ${time.labels[span.to]}`);
    const numbers = { rows: full.format(found.rows[0]), all: full.format(rows.reduce((sum, one) => sum + one, 0)) };
    said.textContent = parts.length ? put(words.some, { filters: parts.join(" · "), ...numbers }) : put(words.all, numbers);
    reset.disabled = !parts.length;
  };

  const drawn = new Map();
  const update = () => {
    const found = totals([], []);
    tellTiles(found);
    tellTable();
    tellFilters(found);
    drawn.forEach((place, plot) => paint(plot, place));
  };
  document.querySelectorAll("#charts figure").forEach((figure, place) => {
    const start = () => {
      const plot = figure.querySelector(".plot");
      drawn.set(plot, place);
      plot.on("plotly_click", ({ points, event }) => clicked(place, points[0], event));
      new ResizeObserver(() => matchMedia("print").matches || Plotly.Plots.resize(plot)).observe(figure);
      paint(plot, place);
    };
    if (figure.classList.contains("drawn")) start();
    else new MutationObserver((_, observer) => {
      if (!figure.classList.contains("drawn")) return;
      observer.disconnect();
      start();
    }).observe(figure, { attributes: true, attributeFilter: ["class"] });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
  update();
})();
