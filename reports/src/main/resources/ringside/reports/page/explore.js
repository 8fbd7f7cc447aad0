// Explore: one section in which a reader arranges the embedded results. The state is in the address, so a link shows it.
(function () {
  var numbers = ringside.explore.data;
  var states = ringside.explore.state;
  var figures = ringside.explore.figures;
  var parallel = ringside.explore.parallel;
  var tables = ringside.explore.tables;
  var controls = ringside.explore.controls;
  var make = tables.make;
  var PANELS = 6;
  var ROWS = 100;
  var LABEL_PX = 50;
  var of = null;
  var state = null;
  var canDraw = false;
  var panels = PANELS;
  var focused = "";
  var open = {};
  var chosen = "";

  function part(name) {
    return document.getElementById("explore-" + name);
  }

  function metric() {
    return of.metrics.find(function (one) { return one.key === state.metric; });
  }

  function begin(data) {
    of = numbers.model(data);
    // A page that follows its folder keeps what the reader chose, as far as the new results have it.
    var found = states.read(of, state === null ? location.hash : states.write(of, state));
    state = found.state;
    controls.build(of, part("controls"));
    Object.keys(open).forEach(function (id) { document.getElementById(id).open = open[id]; });
    say(found.unknown);
    update();
    if (of.byKey.has(chosen)) { detail(of.byKey.get(chosen)); }
  }

  function update() {
    if (of.metrics.length === 0) {
      part("status").textContent = "No run has finished: there is nothing to explore yet.";
      return;
    }
    var points = numbers.points(of, state);
    controls.show(of, state, part("controls"));
    part("link").href = states.write(of, state);
    part("status").textContent = status(points);
    part("baseline").textContent = baseline();
    part("numbers").replaceChildren(tables.rows(of, state, points, metric(), ROWS));
    draw(points);
  }

  function status(points) {
    var pinned = Object.keys(state.base).length > 0;
    var seen = points.filter(function (point) { return point.shown; }).length;
    var text = metric().label + " of " + seen + " of " + of.cells.length + " configurations" + (pinned ? " as ratios" : "") + ", medians over the valid runs";
    text += { HIGHER: "; higher is better.", LOWER: "; lower is better.", NEITHER: "." }[metric().better] || ".";
    if (state.view === "parallel") {
      text += " Each path is a configuration; it crosses the bar of a value the higher, the higher its median is.";
    }
    var none = points.filter(function (point) { return !point.own; }).length;
    if (none > 0) { text += " " + none + " without a valid run that has it."; }
    var alone = points.filter(function (point) { return point.own && !point.shown; }).length;
    if (alone > 0) { text += " " + alone + " without a counterpart in the baseline."; }
    if (state.scale === "log" && points.some(function (point) { return point.shown && point.shown.median <= 0; })) {
      text += " A logarithmic scale cannot show zero: the table below has it.";
    }
    return text;
  }

  function baseline() {
    var names = Object.keys(state.base);
    if (names.length === 0) { return ""; }
    var pinned = of.axes.filter(function (axis) { return names.indexOf(axis.name) >= 0; });
    var words = numbers.name(pinned, state.base);
    return "Ratios to " + (names.length === of.axes.length ? words : words + " with all else as in each point")
        + ": medians by its median. Bars are the runs by that same median; they leave out how much the baseline itself varies."
        + " For intervals of ratios see the verdict and ringside compare.";
  }

  // Whether colours stand for values, not for series.
  function isColoured() {
    return state.view === "heat" || state.view === "table";
  }

  function draw(points) {
    var place = part("shown");
    part("legend").hidden = isColoured() || state.series === "";
    if (state.view === "table") {
      place.replaceChildren(tables.pivot(of, state, points, metric(), shading(points)));
      part("more").hidden = true;
      scaleBar(points);
      return;
    }
    if (!canDraw) {
      place.replaceChildren(make("p", { "class": "plot-wait" }, "Drawing …"));
      return;
    }
    var all = state.view === "parallel" ? [parallel.figure(of, state, points, metric())]
        : figures.panels(of, state, points, metric());
    var shown = all.slice(0, panels);
    place.replaceChildren(make("div", { "class": shown.length === 1 ? "panels one" : "panels" }, shown.map(frame)));
    shown.forEach(plot);
    part("more").hidden = all.length <= panels;
    part("more").textContent = "Show " + Math.min(2 * PANELS, all.length - panels) + " more of " + all.length + " panels";
    legend();
    scaleBar(points);
  }

  function frame(figure, i) {
    var description = metric().label + (figure.title ? ", " + figure.title : "") + ", by " + (state.view === "parallel" ? "all axes" : state.x)
        + (state.series ? " and " + state.series : "") + "; the numbers are in the table below";
    var plotted = make("div", { id: "explore-plot-" + i });
    return make("figure", {}, (figure.title ? [make("figcaption", {}, figure.title)] : []).concat(
      make("div", { "class": "plot", role: "img", "aria-label": description, style: "height:" + figure.height + "px" }, plotted)));
  }

  function plot(figure, i) {
    var div = document.getElementById("explore-plot-" + i);
    var trace = figure.data[0];
    if (trace.type === "heatmap" && div.clientWidth / trace.x.length < LABEL_PX + 10) { trace.texttemplate = ""; }
    ringside.render(div, figure.data, figure.layout);
    div.on("plotly_click", function (event) {
      var key = figures.clicked(figure, event.points[0]);
      if (key !== null) { detail(of.byKey.get(key)); }
    });
  }

  // The same marks and colours as in the other sections: by the place of a value among all of its axis.
  function legend() {
    var series = numbers.axis(of, state.series);
    var glyphs = part("glyphs").content.children;
    part("legend").replaceChildren.apply(part("legend"), !series ? [] : series.values.map(function (value, i) {
      var on = numbers.shownValues(series, state).indexOf(value) >= 0;
      return make("button", { type: "button", "aria-pressed": String(on), "data-series": value, id: "explore-s" + i },
        [glyphs[i % glyphs.length].cloneNode(true), make("span", {}, value || "(none)")]);
    }));
  }

  // A button of the legend is the filter of its value.
  function toggle(button) {
    var box = Array.from(part("controls").querySelectorAll("input[data-filter]")).find(function (one) {
      return one.dataset.filter === state.series && one.value === button.dataset.series;
    });
    box.checked = !box.checked;
    change(box);
    part(button.id.substring("explore-".length)).focus();
  }

  function scaleBar(points) {
    part("scale-bar").hidden = !isColoured() || points.every(function (point) { return !point.shown; });
    if (part("scale-bar").hidden) { return; }
    var scale = figures.scaleOf(points, metric(), state);
    var range = figures.colourRange(points, scale);
    var back = function (value) { return scale.log || scale.ratio ? Math.exp(value) : value; };
    var word = function (value) { return scale.ratio ? numbers.significant(value, 3) + " ×" : numbers.text(value, metric().unit); };
    var stops = figures.colours(scale, metric()).map(function (stop) { return stop[1] + " " + stop[0] * 100 + "%"; });
    part("scale-bar").replaceChildren(make("span", {}, word(back(range[0]))),
      make("span", { "class": "explore-bar", style: "background:linear-gradient(to right," + stops.join(",") + ")" }),
      make("span", {}, word(back(range[1]))));
  }

  function shading(points) {
    var colour = figures.shade(points, metric(), state);
    return function (cell, point) {
      cell.style.backgroundColor = colour(point);
      cell.classList.add("shaded");
    };
  }

  function detail(cell) {
    chosen = cell.key;
    var own = numbers.estimate(cell, metric());
    var runs = own ? own.runs.map(function (value) { return numbers.text(value, metric().unit); }).join(", ") : "none valid";
    part("detail").replaceChildren(
      make("p", {}, [make("strong", {}, numbers.name(of.axes, cell.at)), ": " + metric().label + " of "
        + (own ? figures.runs(own.runs.length) : "0 runs") + ": " + runs + ". "]),
      make("p", {}, make("button", { type: "button", "data-pin": cell.key }, "Pin as the baseline")));
    if (cell.command !== "") {
      part("detail").append(make("div", { "class": "copyable" }, [make("pre", {}, cell.command),
        make("button", { type: "button", "class": "copy" }, "Copy")]));
    }
  }

  function say(unknown) {
    part("unknown").hidden = unknown.length === 0;
    part("unknown").textContent = unknown.length === 0 ? ""
        : "The link asks for what this report does not have: " + unknown.join(", ") + ".";
  }

  // Everything that a reader changes ends here.
  function changed() {
    panels = PANELS;
    part("detail").replaceChildren();
    chosen = "";
    say([]);
    try {
      history.replaceState(null, "", states.write(of, state));
    } catch (problem) {
      // A page inside another one may not change its address; the link below the controls has it.
    }
    document.documentElement.setAttribute("data-explored", "");
    update();
  }

  function pin(key) {
    state.base = Object.assign({}, of.byKey.get(key).at);
    changed();
    part("b0").focus();
  }

  function copyLink(button) {
    var box = make("textarea", { readonly: "", "class": "explore-copied" }, part("link").href);
    button.parentNode.append(box);
    box.select();
    button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
    box.remove();
    button.focus();
    setTimeout(function () { button.textContent = "Copy link"; }, 2000);
  }

  function click(button) {
    if (button.dataset.series !== undefined) {
      toggle(button);
    } else if (button.dataset.pin !== undefined) {
      pin(button.dataset.pin);
    } else if (button.dataset.all !== undefined) {
      delete state.filter[button.dataset.all];
      changed();
    } else if (button.id === "explore-unpin") {
      state.base = {};
      changed();
    } else if (button.id === "explore-reset") {
      state = states.initial(of);
      changed();
    } else if (button.id === "explore-csv") {
      var table = tables.csv(of, numbers.points(of, state), metric());
      ringside.saveCsv("explore-" + state.metric.replace(/[^\w.]+/g, "-"), table.head, table.rows);
    } else if (button.id === "explore-copy") {
      copyLink(button);
    } else if (button.id === "explore-more") {
      panels += 2 * PANELS;
      draw(numbers.points(of, state));
    }
  }

  function change(control) {
    var data = control.dataset;
    if (data.part !== undefined) {
      if (states.ROLES.indexOf(data.part) >= 0) {
        states.place(of, state, data.part, control.value);
      } else {
        state[data.part] = control.value;
      }
    } else if (data.base !== undefined) {
      if (control.value === "") {
        delete state.base[data.base];
      } else {
        state.base[data.base] = control.value.substring(1);
      }
    } else if (data.filter !== undefined) {
      var kept = controls.filterOf(of, part("controls"), data.filter);
      if (kept === null) {
        delete state.filter[data.filter];
      } else if (kept.length > 0) {
        state.filter[data.filter] = kept;
      }
    }
    changed();
  }

  function inside(target) {
    return of !== null && target.closest && target.closest("#explore") !== null;
  }

  function load() {
    if (!part("controls")) { return; }
    if (!ringside.data) {
      part("status").textContent = "This browser is too old to explore; the tables of the other sections are complete.";
      return;
    }
    ringside.data.then(begin).then(function () {
      if (location.hash.indexOf("#explore?") === 0) { arrive(); }
    });
  }

  // A fragment with a state names no element, so that the browser stays where it is.
  function arrive() {
    document.documentElement.setAttribute("data-explored", "");
    document.getElementById("explore").scrollIntoView({ behavior: "instant" });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (button && inside(button)) { click(button); }
  });
  document.addEventListener("change", function (event) {
    if (inside(event.target)) { change(event.target); }
  });
  window.addEventListener("hashchange", function () {
    if (of !== null && location.hash.indexOf("#explore?") === 0) {
      var found = states.read(of, location.hash);
      state = found.state;
      panels = PANELS;
      say(found.unknown);
      update();
      arrive();
    }
  });
  document.addEventListener("ringside:drawn", function () {
    canDraw = true;
    if (of !== null) { update(); }
  });
  document.addEventListener("ringside:themed", function () {
    if (of !== null && canDraw && part("shown")) { draw(numbers.points(of, state)); }
  });
  document.addEventListener("toggle", function (event) {
    if (inside(event.target)) { open[event.target.id] = event.target.open; }
  }, true);
  document.addEventListener("focusin", function (event) { focused = inside(event.target) ? event.target.id : ""; });
  document.addEventListener("ringside:updated", function () {
    var was = focused;
    if (!part("controls")) { return; }
    ringside.data.then(begin).then(function () {
      if (was !== "" && document.activeElement === document.body && document.getElementById(was)) {
        document.getElementById(was).focus({ preventScroll: true });
      }
    });
  });
  load();
})();
