// Explore, what is shown: words, legend, figures or table, and one configuration in detail. It is handed what it shows as
// {of, state, points, metric}.
ringside.explore.view = (function () {
  var numbers = ringside.explore.data;
  var parts = ringside.explore.parts;
  var heat = ringside.explore.heat;
  var figures = ringside.explore.figures;
  var tables = ringside.explore.tables;
  var make = tables.make;
  var LABEL_PX = 60;
  var ROWS = 100;

  function part(name) {
    return document.getElementById("explore-" + name);
  }

  function count(shown, test) {
    return shown.points.filter(test).length;
  }

  function status(shown) {
    var seen = count(shown, function (point) { return point.shown; });
    var none = count(shown, function (point) { return !point.own; });
    var alone = count(shown, function (point) { return point.own && !point.shown; });
    var low = count(shown, function (point) { return point.shown && point.shown.median <= 0; });
    return shown.metric.label + " of " + seen + " of " + shown.of.cells.length + " configurations"
        + (Object.keys(shown.state.base).length > 0 ? " as ratios" : "") + ", medians over the valid runs"
        + { HIGHER: "; higher is better.", LOWER: "; lower is better.", NEITHER: "." }[shown.metric.better]
        + (shown.state.view === "parallel"
          ? " Each path is a configuration; it crosses the bar of a value the higher, the higher its median is." : "")
        + (none > 0 ? " " + none + " without a valid run that has it." : "")
        + (alone > 0 ? " " + alone + " without a counterpart in the baseline." : "")
        + (shown.state.scale === "log" && low > 0 ? " A logarithmic scale cannot show zero: the table below has it." : "");
  }

  function baseline(shown) {
    var names = Object.keys(shown.state.base);
    if (names.length === 0) { return ""; }
    var pinned = shown.of.axes.filter(function (axis) { return names.indexOf(axis.name) >= 0; });
    var words = numbers.name(pinned, shown.state.base);
    return "Ratios to " + (names.length === shown.of.axes.length ? words : words + " with all else as in each point")
        + ": medians by its median. Bars are the runs by that same median; they leave out how much the baseline itself varies."
        + " For intervals of ratios see the verdict and ringside compare.";
  }

  function words(shown) {
    part("status").textContent = status(shown);
    part("baseline").textContent = baseline(shown);
    part("numbers").replaceChildren(tables.rows(shown.of, shown.state, shown.points, shown.metric, ROWS));
  }

  // Whether colours stand for values, not for series.
  function isColoured(state) {
    return state.view === "heat" || state.view === "table";
  }

  // So many panels at most; marks say which configuration was chosen.
  function draw(shown, most, chosen) {
    legend(shown);
    scaleBar(shown);
    var table = shown.state.view === "table";
    var all = table ? [] : figures.panels(shown.of, shown.state, shown.points, shown.metric);
    part("more").hidden = all.length <= most;
    part("more").textContent = "Show more of " + all.length + " panels";
    if (table) {
      part("shown").replaceChildren(tables.pivot(shown.of, shown.state, shown.points, shown.metric, shading(shown)));
      return;
    }
    var first = all.slice(0, most);
    part("shown").replaceChildren(make("div", { "class": first.length === 1 ? "panels one" : "panels" },
      first.map(function (figure, i) { return frame(shown, figure, i); })));
    first.forEach(function (figure, i) { plot(figure, i, chosen); });
  }

  function frame(shown, figure, i) {
    var state = shown.state;
    var description = shown.metric.label + (figure.title ? ", " + figure.title : "") + ", by "
        + (state.view === "parallel" ? "all axes" : state.x) + (state.series ? " and " + state.series : "")
        + "; the numbers are in the table below";
    var place = make("div", { "class": "plot", role: "img", "aria-label": description, style: "height:" + figure.height + "px" },
      make("div", { id: "explore-plot-" + i }));
    return make("figure", {}, figure.title ? [make("figcaption", {}, figure.title), place] : place);
  }

  function plot(figure, i, chosen) {
    var div = part("plot-" + i);
    var trace = figure.data[0];
    if (trace.type === "heatmap" && div.clientWidth / trace.x.length < LABEL_PX) { trace.texttemplate = ""; }
    ringside.render(div, figure.data, figure.layout);
    div.on("plotly_click", function (event) {
      var key = figures.clicked(figure, event.points[0]);
      if (key !== null) { chosen(key); }
    });
  }

  // The same marks and colours as in the other sections: by the place of a value among all of its axis.
  function legend(shown) {
    var series = numbers.axis(shown.of, shown.state.series);
    var glyphs = part("glyphs").content.children;
    part("legend").hidden = isColoured(shown.state) || !series;
    part("legend").replaceChildren.apply(part("legend"), !series ? [] : series.values.map(function (value, i) {
      var on = numbers.shownValues(series, shown.state).indexOf(value) >= 0;
      return make("button", { type: "button", "aria-pressed": String(on), "data-series": value, id: "explore-s" + i },
        [glyphs[i % glyphs.length].cloneNode(true), make("span", {}, value || "(none)")]);
    }));
  }

  function scaleBar(shown) {
    var hidden = !isColoured(shown.state) || count(shown, function (point) { return point.shown; }) === 0;
    part("scale-bar").hidden = hidden;
    if (!hidden) {
      var legend = heat.legend(shown.points, shown.metric, shown.state);
      part("scale-bar").replaceChildren(make("span", {}, legend.ends[0]),
        make("span", { "class": "explore-bar", style: "background:" + legend.gradient }), make("span", {}, legend.ends[1]));
    }
  }

  function shading(shown) {
    var colour = heat.shade(shown.points, shown.metric, shown.state);
    return function (cell, point) {
      cell.style.backgroundColor = colour(point);
      cell.classList.add("shaded");
    };
  }

  function detail(shown, cell) {
    var own = numbers.estimate(cell, shown.metric);
    var runs = own ? own.runs.map(function (value) { return numbers.text(value, shown.metric.unit); }) : [];
    part("detail").replaceChildren(
      make("p", {}, [make("strong", {}, numbers.name(shown.of.axes, cell.at)),
        ": " + shown.metric.label + " of " + parts.runs(runs.length) + (own ? ": " + runs.join(", ") : "") + ". "]),
      make("p", {}, make("button", { type: "button", "data-pin": cell.key }, "Pin as the baseline")));
    if (cell.command !== "") {
      part("detail").append(make("div", { "class": "copyable" }, [make("pre", {}, cell.command),
        make("button", { type: "button", "class": "copy" }, "Copy")]));
    }
  }

  return { part: part, words: words, draw: draw, detail: detail };
})();
