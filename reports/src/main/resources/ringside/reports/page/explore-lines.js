// Explore, lines: a mark for each median, with the range of the runs and every run.
ringside.explore.lines = (function () {
  var numbers = ringside.explore.data;
  var parts = ringside.explore.parts;
  var MOST_TICKS = 600;

  function valueAxis(scale) {
    var axis = { title: { text: parts.plain(scale.title + (scale.log ? " (log)" : "")) }, automargin: true };
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
      var decades = Math.log10(high) - from;
      return Object.assign(axis, { type: "log", range: [from - room, Math.log10(high) + room] },
        decades < 1 ? {} : { dtick: decades > 3 ? 1 : "D2" });
    }
    axis.range = [Math.min(0, low * 1.06), Math.max(high * 1.06, high === 0 ? 1 : 0)];
    return axis;
  }

  // Marks with the range of the runs, a line where the values of x are numbers.
  function figure(of, state, list, scale, metric) {
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
      var trace = lineTrace(own, style, xs, scale, function (point) { return parts.hover(of, point, metric); }, state.x);
      return ticks ? [runTicks(own, style, xs, scale, state.x), trace] : [trace];
    });
    return {
      data: [].concat.apply([], traces), height: 320,
      layout: {
        xaxis: parts.placeAxis(xAxis, xs), yaxis: valueAxis(scale), hovermode: "closest",
        shapes: scale.ratio ? [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: 1, y1: 1, layer: "below", line: { dash: "dot", width: 2 } }] : []
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
      type: "scatter", mode: "markers", name: parts.plain(style.name) + " runs", meta: { series: style.place }, x: at, y: values,
      hoverinfo: "skip", cliponaxis: false, marker: { symbol: "line-ew-open", size: 12, line: { width: 1 } }
    };
  }

  function lineTrace(own, style, xs, scale, text, x) {
    var at = xs.map(function (value) {
      return own.find(function (point) { return point.cell.at[x] === value && point.shown && usable(point, scale); });
    });
    var pick = function (read) { return at.map(function (point) { return point ? read(point) : null; }); };
    return {
      type: "scatter", mode: style.joined ? "lines+markers" : "markers", name: parts.plain(style.name), cliponaxis: false,
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
      marker: { symbol: parts.symbol(style.place), size: 9 },
      line: { dash: parts.dash(style.place), width: 2 }
    };
  }

  function usable(point, scale) {
    return !scale.log || point.shown.median > 0;
  }

  return { figure: figure };
})();
