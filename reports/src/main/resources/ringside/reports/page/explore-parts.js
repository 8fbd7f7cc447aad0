// Explore, what its figures have in common: names, marks, scales, what a mark tells when it is pointed at.
ringside.explore.parts = (function () {
  var numbers = ringside.explore.data;
  var SYMBOLS = ["circle", "square", "diamond", "triangle-up", "x", "triangle-down", "star"];
  var DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "solid", "dash"];
  var UNITS = { ns: [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]] };
  var LONGEST_NAME = 28;
  var NARROW = window.matchMedia("(max-width: 600px)");

  // Plotly takes text for markup.
  function plain(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  // Beside an axis; hovering and the tables have the whole name.
  function short(text, longest) {
    return plain(text.length > longest ? text.substring(0, longest - 1) + "…" : text || "(none)");
  }

  function symbol(place) {
    return SYMBOLS[place % SYMBOLS.length];
  }

  function dash(place) {
    return DASHES[place % DASHES.length];
  }

  function extent(points) {
    var low = Infinity;
    var high = -Infinity;
    points.forEach(function (point) {
      if (point.shown) {
        low = Math.min(low, point.shown.low);
        high = Math.max(high, point.shown.high);
      }
    });
    return { low: low, high: high, any: low <= high };
  }

  // One scale for all panels, or they could not be compared.
  function scaleOf(points, metric, state) {
    var seen = extent(points);
    var ratio = points.length > 0 && points[0].ratio;
    var unit = (UNITS[metric.unit] || []).find(function (one) { return Math.abs(seen.high) >= one[0]; }) || [1, metric.unit];
    var by = ratio ? 1 : unit[0];
    var title = ratio ? metric.label + ", ratio"
        : metric.unit === numbers.SHARE ? metric.label
        : metric.label + (unit[1] && unit[1] !== "1" ? " (" + unit[1] + ")" : "");
    return { seen: seen, by: by, ratio: ratio, log: state.scale === "log", title: title, share: metric.unit === numbers.SHARE && !ratio };
  }

  function placeAxis(axis, values) {
    return {
      title: { text: plain(axis.name) }, automargin: true, showgrid: false, zeroline: false, range: [-0.5, values.length - 0.5],
      tickvals: values.map(function (_, i) { return i; }), ticktext: values.map(function (value) { return short(value, LONGEST_NAME); })
    };
  }

  function hover(of, point, metric) {
    var lines = [numbers.name(of.axes, point.cell.at)];
    if (!point.own) {
      return lines.concat("no valid run has " + metric.label).map(plain).join("<br>");
    }
    lines.push(metric.label + " " + numbers.text(point.own.median, metric.unit) + " (" + numbers.text(point.own.low, metric.unit)
        + " to " + numbers.text(point.own.high, metric.unit) + ", " + runs(point.own.runs.length) + ")");
    if (point.ratio) {
      lines.push(point.shown
        ? numbers.significant(point.shown.median, 3) + " × " + numbers.name(of.axes, point.baseCell.at)
        : "no baseline to compare with");
    }
    return lines.concat(wrapped(point.cell.command)).map(plain).join("<br>");
  }

  function runs(count) {
    return count === 1 ? "1 run" : count + " runs";
  }

  // A command is longer than a figure is wide.
  function wrapped(command) {
    var lines = [];
    command.split(" ").forEach(function (word) {
      var last = lines.length - 1;
      if (last < 0 || lines[last].length + word.length > (NARROW.matches ? 36 : 64)) {
        lines.push((last < 0 ? "" : "  ") + word);
      } else {
        lines[last] += " " + word;
      }
    });
    return command === "" ? [] : lines;
  }

  return {
    plain: plain, short: short, symbol: symbol, dash: dash, scaleOf: scaleOf, placeAxis: placeAxis, hover: hover, runs: runs,
    isNarrow: function () { return NARROW.matches; }
  };
})();
