// Explore, the figures: lines and heat maps as Plotly takes them, coloured by the page's theme when they are drawn.
ringside.explore.figures = (function () {
  var numbers = ringside.explore.data;
  var SYMBOLS = ["circle", "square", "diamond", "triangle-up", "x", "triangle-down", "star"];
  var DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "solid", "dash"];
  var UNITS = { ns: [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]] };
  var MOST_TEXT = 200;
  var STRENGTH = 0.65;
  var MOST_TICKS = 600;
  var LONGEST_NAME = 28;

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
    var title = ratio ? metric.label + ", ratio to the baseline"
        : metric.unit === numbers.SHARE ? metric.label
        : metric.label + (unit[1] && unit[1] !== "1" ? " (" + unit[1] + ")" : "");
    return { seen: seen, by: by, ratio: ratio, log: state.scale === "log", title: title, share: metric.unit === numbers.SHARE && !ratio };
  }

  function valueAxis(scale) {
    var axis = { title: { text: plain(scale.title + (scale.log ? " (logarithmic)" : "")) }, automargin: true };
    if (scale.share) { axis.tickformat = ".0%"; }
    if (!scale.seen.any) { return axis; }
    var low = scale.seen.low / scale.by;
    var high = scale.seen.high / scale.by;
    if (scale.ratio) {
      low = Math.min(low, 1);
      high = Math.max(high, 1);
    }
    if (scale.log) {
      var from = low > 0 ? Math.log10(low) : Math.log10(high) - 3;
      var room = Math.max(0.02, (Math.log10(high) - from) * 0.06);
      return Object.assign(axis, {
        type: "log", range: [from - room, Math.log10(high) + room], dtick: Math.log10(high) - from > 3 ? 1 : "D2"
      });
    }
    axis.range = [Math.min(0, low * 1.06), Math.max(high * 1.06, high === 0 ? 1 : 0)];
    return axis;
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
      if (last < 0 || lines[last].length + word.length > 64) {
        lines.push((last < 0 ? "" : "  ") + word);
      } else {
        lines[last] += " " + word;
      }
    });
    return command === "" ? [] : lines;
  }

  // Marks with the range of the runs, a line where the values of x are numbers.
  function lines(of, state, list, scale, metric) {
    var xAxis = numbers.axis(of, state.x);
    var xs = numbers.shownValues(xAxis, state);
    var series = numbers.axis(of, state.series);
    var names = series ? numbers.shownValues(series, state) : [""];
    var drawn = list.filter(function (point) { return point.shown; });
    var ticks = drawn.reduce(function (sum, point) { return sum + point.shown.runs.length; }, 0) <= MOST_TICKS;
    var traces = names.map(function (name, i) {
      var own = list.filter(function (point) { return !series || point.cell.at[series.name] === name; });
      var place = series ? series.values.indexOf(name) : 0;
      var apart = names.length < 2 ? 0 : (i - (names.length - 1) / 2) / names.length * (xAxis.numeric ? 0.2 : 0.6);
      var style = { name: name, place: place, apart: apart, joined: xAxis.numeric };
      var trace = lineTrace(own, style, xs, scale, function (point) { return hover(of, point, metric); }, state.x);
      return ticks ? [runTicks(own, style, xs, scale, state.x), trace] : [trace];
    });
    return {
      data: [].concat.apply([], traces), height: 320,
      layout: {
        xaxis: placeAxis(xAxis, xs), yaxis: valueAxis(scale), hovermode: "closest",
        shapes: scale.ratio ? [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: 1, y1: 1, line: { dash: "dot", width: 2 } }] : []
      }
    };
  }

  // One small tick for each run, as in the other sections.
  function runTicks(own, style, xs, scale, x) {
    var at = [];
    var values = [];
    own.filter(function (point) { return point.shown; }).forEach(function (point) {
      point.shown.runs.forEach(function (value) {
        if (!scale.log || value > 0) {
          at.push(xs.indexOf(point.cell.at[x]) + style.apart);
          values.push(value / scale.by);
        }
      });
    });
    return {
      type: "scatter", mode: "markers", name: plain(style.name) + " runs", meta: { series: style.place }, x: at, y: values,
      hoverinfo: "skip", cliponaxis: false, marker: { symbol: "line-ew-open", size: 12, line: { width: 1 } }
    };
  }

  function lineTrace(own, style, xs, scale, text, x) {
    var at = xs.map(function (value) {
      return own.find(function (point) { return point.cell.at[x] === value && point.shown && usable(point, scale); });
    });
    var pick = function (read) { return at.map(function (point) { return point ? read(point) : null; }); };
    return {
      type: "scatter", mode: style.joined ? "lines+markers" : "markers", name: plain(style.name), cliponaxis: false,
      meta: { series: style.place },
      x: xs.map(function (_, i) { return i + style.apart; }),
      y: pick(function (point) { return point.shown.median / scale.by; }),
      error_y: {
        type: "data", symmetric: false, thickness: 1.5, width: 3,
        array: pick(function (point) { return (point.shown.high - point.shown.median) / scale.by; }),
        arrayminus: pick(function (point) { return (point.shown.median - point.shown.low) / scale.by; })
      },
      ids: pick(function (point) { return point.cell.key; }),
      customdata: pick(text), hovertemplate: "%{customdata}<extra></extra>",
      marker: { symbol: symbol(style.place), size: 9 },
      line: { dash: dash(style.place), width: 2 }
    };
  }

  function usable(point, scale) {
    return !scale.log || point.shown.median > 0;
  }

  function transformed(value, scale) {
    return scale.log || scale.ratio ? (value > 0 ? Math.log(value) : null) : value;
  }

  // Pale enough for text to be read on it in both themes.
  function mixed(name) {
    var parts = [ringside.colour("--ground"), ringside.colour(name)].map(function (colour) {
      return [1, 3, 5].map(function (i) { return parseInt(colour.substring(i, i + 2), 16); });
    });
    return "rgb(" + parts[0].map(function (ground, i) {
      return Math.round(ground + (parts[1][i] - ground) * STRENGTH);
    }).join(",") + ")";
  }

  // From the page's paper to its accent; ratios from the colour of worse through paper to that of better, 1 in the middle.
  function colours(scale, metric) {
    var paper = ringside.colour("--ground");
    if (!scale.ratio) { return [[0, paper], [1, mixed("--s0")]]; }
    var ends = [mixed("--s1"), mixed("--s0")];
    if (metric.better === "LOWER") { ends.reverse(); }
    return [[0, ends[0]], [0.5, paper], [1, ends[1]]];
  }

  function colourRange(points, scale) {
    var values = points.filter(function (point) { return point.shown; }).map(function (point) {
      return transformed(point.shown.median, scale);
    }).filter(function (value) { return value !== null; });
    var low = Math.min.apply(null, values);
    var high = Math.max.apply(null, values);
    if (!scale.ratio) { return [low, high > low ? high : low + 1]; }
    var most = Math.max(Math.abs(low), Math.abs(high), 0.05);
    return [-most, most];
  }

  function heat(of, state, list, scale, metric, range) {
    var xAxis = numbers.axis(of, state.x);
    var xs = numbers.shownValues(xAxis, state);
    var yAxis = numbers.axis(of, state.series);
    var ys = yAxis ? numbers.shownValues(yAxis, state) : [""];
    var grid = ys.map(function (y) {
      return xs.map(function (x) {
        return list.find(function (point) {
          return point.cell.at[state.x] === x && (!yAxis || point.cell.at[state.series] === y);
        });
      });
    });
    var each = function (read, none) {
      return grid.map(function (row) { return row.map(function (point) { return point && point.shown ? read(point) : none; }); });
    };
    var vertical = yAxis ? placeAxis(yAxis, ys) : { visible: false, range: [-0.5, 0.5] };
    vertical.range = [ys.length - 0.5, -0.5];
    return {
      grid: grid, height: 110 + Math.max(2, ys.length) * 34,
      layout: { xaxis: placeAxis(xAxis, xs), yaxis: vertical, hovermode: "closest" },
      data: [{
        type: "heatmap", meta: { themed: true }, x: xs.map(function (_, i) { return i; }), y: ys.map(function (_, i) { return i; }),
        z: each(function (point) { return transformed(point.shown.median, scale); }, null),
        text: each(function (point) { return numbers.shownText(point, point.shown.median, metric).replace(" ×", ""); }, ""),
        texttemplate: xs.length * ys.length <= MOST_TEXT ? "%{text}" : "", textfont: { color: ringside.colour("--ink") },
        customdata: each(function (point) { return hover(of, point, metric); }, ""),
        hovertemplate: "%{customdata}<extra></extra>", hoverongaps: false, xgap: 2, ygap: 2,
        zmin: range[0], zmax: range[1], colorscale: colours(scale, metric), showscale: false
      }]
    };
  }

  // One figure for each combination of the axes that have no place in it.
  function panels(of, state, points, metric) {
    var scale = scaleOf(points, metric, state);
    var range = state.view === "heat" ? colourRange(points, scale) : [];
    var axes = numbers.rest(of, state, [state.x, state.series]);
    var facet = numbers.axis(of, state.panels);
    axes.sort(function (a, b) { return (b === facet) - (a === facet); });
    return numbers.groups(points, axes).map(function (group) {
      var figure = state.view === "heat" ? heat(of, state, group.points, scale, metric, range)
          : lines(of, state, group.points, scale, metric);
      figure.title = numbers.name(axes, group.at);
      figure.points = group.points;
      return figure;
    });
  }

  // The configuration behind a mark that was clicked.
  function clicked(figure, mark) {
    if (figure.grid) {
      var point = (figure.grid[mark.y] || [])[mark.x];
      return point ? point.cell.key : null;
    }
    return mark.id || null;
  }

  // The colour of a field in a table, as in the heat map.
  function shade(points, metric, state) {
    var scale = scaleOf(points, metric, state);
    var range = colourRange(points, scale);
    var stops = colours(scale, metric).map(function (stop) { return stop[1]; });
    return function (point) {
      var value = transformed(point.shown.median, scale);
      if (value === null) { return ""; }
      var place = (value - range[0]) / (range[1] - range[0]) * (stops.length - 1);
      var i = Math.min(stops.length - 2, Math.floor(place));
      return "color-mix(in srgb, " + stops[i + 1] + " " + ((place - i) * 100).toFixed(1) + "%, " + stops[i] + ")";
    };
  }

  return {
    panels: panels, clicked: clicked, scaleOf: scaleOf, colours: colours, colourRange: colourRange, runs: runs, shade: shade,
    hover: hover, short: short, symbol: symbol, dash: dash
  };
})();
