(() => {
  "use strict";
  const say = document.body.dataset;

  if (location.protocol === "file:") document.documentElement.classList.add("saved");

  const korean = {
    moduleType: "locale", name: "ko", dictionary: {},
    format: {
      days: ["일요일", "월요일", "화요일", "수요일", "목요일", "금요일", "토요일"],
      shortDays: ["일", "월", "화", "수", "목", "금", "토"],
      months: Array.from({ length: 12 }, (_, month) => `${month + 1}월`),
      shortMonths: Array.from({ length: 12 }, (_, month) => `${month + 1}월`),
      date: "%Y-%m-%d", year: "%Y년", month: "%Y년 %b", dayMonth: "%b %-d일", dayMonthYear: "%Y년 %b %-d일",
    },
  };

  const fit = (plot) => {
    const layout = plot._fullLayout;
    plot.style.setProperty("--ratio", `${layout.width} / ${layout.height}`);
    for (const svg of plot.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${layout.width} ${layout.height}`);
  };

  const unpack = async (packed) => {
    const bytes = Uint8Array.from(atob(packed.textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
    Plotly.register(korean);
  };

  const refuse = (plot) => {
    const figure = plot.closest("figure");
    plot.remove();
    if (figure.querySelector(".still")) return;
    figure.querySelector(".undrawn").hidden = false;
    const table = figure.querySelector("details");
    if (table) table.open = true;
  };

  const narrow = ({ data, layout }, width) => {
    if (width > 560) return;
    layout.font = { ...layout.font, size: 11 };
    layout.margin = { ...layout.margin, r: 12 };
    for (const trace of data) {
      if (trace.orientation === "h") [trace.cliponaxis, layout.margin.r] = [false, 44];
      if (trace.type === "heatmap" && trace.z.length * trace.z[0].length > 24) {
        delete trace.texttemplate;
        const longest = Math.max(...(trace.x || []).map((label) => String(label).length));
        layout.xaxis = { ...layout.xaxis, tickangle: longest > 4 ? -90 : 0, tickfont: { size: 9 }, automargin: true };
      }
    }
    for (const name of Object.keys(layout)) {
      const axis = layout[name];
      if (!/^[xy]axis/.test(name) || axis.type !== "date") continue;
      axis.nticks = 4;
    }
  };

  const draw = async (plot) => {
    try {
      await library;
      const figure = JSON.parse(document.getElementById(plot.dataset.figure).textContent);
      if (matchMedia("(pointer: coarse)").matches) figure.layout.dragmode = false;
      narrow(figure, plot.parentElement.clientWidth);
      await Plotly.newPlot(plot, figure.data, figure.layout, {
        locale: document.documentElement.lang, responsive: true, displaylogo: false, displayModeBar: "hover", topojsonURL: "",
        modeBarButtons: [["toImage", "resetScale2d"]],
      });
      plot.closest("figure").classList.add("drawn");
      fit(plot);
      plot.on("plotly_afterplot", () => fit(plot));
    } catch {
      refuse(plot);
    }
  };

  const fold = (rest) => {
    const table = rest.closest("table");
    const button = document.createElement("button");
    const set = (folded) => {
      table.classList.toggle("folded", folded);
      button.textContent = folded ? `${say.more} (${table.tBodies[0].rows.length + rest.rows.length})` : say.fewer;
      button.setAttribute("aria-expanded", String(!folded));
    };
    button.type = "button";
    button.className = "more";
    button.addEventListener("click", () => set(!table.classList.contains("folded")));
    table.parentElement.after(button);
    set(true);
  };

  const value = (cell) => {
    const text = cell.textContent.trim().replaceAll(",", "").replace("\u2212", "-");
    const number = parseFloat(text.replace(/^[<≤]\s*/, ""));
    return cell.classList.contains("number") && !Number.isNaN(number) ? number : text;
  };

  const sort = (table, column, falling) => {
    const body = table.tBodies[0];
    const rows = [...table.tBodies].flatMap((part) => [...part.rows]);
    const shown = body.rows.length;
    const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
    rows.sort((a, b) => (falling ? -1 : 1) * compare(value(a.cells[column]), value(b.cells[column])));
    rows.forEach((row, index) => (index < shown || !table.tBodies[1] ? body : table.tBodies[1]).append(row));
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : head.classList.contains("number");
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        sort(table, column, falling);
      });
    });
  };

  const choose = (choice) => {
    const options = [...choice.children];
    const label = document.createElement("label");
    const picker = document.createElement("select");
    label.className = "picker";
    label.append(`${choice.dataset.label} `, picker);
    for (const option of options) picker.add(new Option(option.dataset.title));
    picker.addEventListener("change", () => {
      options.forEach((option, index) => option.classList.toggle("away", index !== picker.selectedIndex));
      options[picker.selectedIndex].querySelectorAll(".js-plotly-plot").forEach((plot) => Plotly.Plots.resize(plot));
      options[picker.selectedIndex].querySelectorAll(".plot:not(.js-plotly-plot)").forEach(draw);
    });
    choice.before(label);
    choice.classList.add("picked");
    options.forEach((option, index) => option.classList.toggle("away", index > 0));
  };

  const follow = () => {
    const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
    const sections = [...document.querySelectorAll("main > section")];
    const mark = () => {
      const current = sections.filter((s) => s.getBoundingClientRect().top < innerHeight / 3).pop() || sections[0];
      for (const [id, a] of links) {
        if (current && id === current.id) a.setAttribute("aria-current", "true");
        else a.removeAttribute("aria-current");
      }
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  };

  const packed = document.getElementById("library");
  const library = packed ? unpack(packed) : Promise.resolve();
  library.catch(() => {});
  document.querySelectorAll("tbody.rest").forEach(fold);
  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll(".choice").forEach(choose);
  follow();
  document.querySelectorAll(".plot").forEach((plot) => plot.closest(".away") || draw(plot));
  addEventListener("beforeprint", () => document.querySelectorAll(".away .plot:not(.js-plotly-plot)").forEach(draw));
})();
