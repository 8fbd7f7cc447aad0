// Explore, heat maps, and their colours for tables.
ringside.explore.heat = (function () {
  var numbers = ringside.explore.data;
  var parts = ringside.explore.parts;
  var MOST_TEXT = 200;
  var STRENGTH = 0.65;

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

  function figure(of, state, list, scale, metric, range) {
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
    var vertical = yAxis ? parts.placeAxis(yAxis, ys) : { visible: false, range: [-0.5, 0.5] };
    vertical.range = [ys.length - 0.5, -0.5];
    return {
      grid: grid, height: 110 + Math.max(2, ys.length) * 34,
      layout: { xaxis: parts.placeAxis(xAxis, xs), yaxis: vertical, hovermode: "closest" },
      data: [{
        type: "heatmap", meta: { themed: true }, x: xs.map(function (_, i) { return i; }), y: ys.map(function (_, i) { return i; }),
        z: each(function (point) { return transformed(point.shown.median, scale); }, null),
        text: each(function (point) { return numbers.shownText(point, point.shown.median, metric).replace(" ×", ""); }, ""),
        texttemplate: xs.length * ys.length <= MOST_TEXT ? "%{text}" : "", textfont: { color: ringside.colour("--ink") },
        customdata: each(function (point) { return parts.hover(of, point, metric); }, ""),
        hovertemplate: "%{customdata}<extra></extra>", hoverongaps: false, xgap: 2, ygap: 2,
        zmin: range[0], zmax: range[1], colorscale: colours(scale, metric), showscale: false
      }]
    };
  }

  // The colour of a field in a table, as in the heat map.
  function shade(points, metric, state) {
    var scale = parts.scaleOf(points, metric, state);
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

  // What the two ends of the colours mean, and the colours between them as CSS has them.
  function legend(points, metric, state) {
    var scale = parts.scaleOf(points, metric, state);
    var ends = colourRange(points, scale).map(function (end) {
      var value = scale.log || scale.ratio ? Math.exp(end) : end;
      return scale.ratio ? numbers.significant(value, 3) + " ×" : numbers.text(value, metric.unit);
    });
    var stops = colours(scale, metric).map(function (stop) { return stop[1] + " " + stop[0] * 100 + "%"; });
    return { ends: ends, gradient: "linear-gradient(to right," + stops.join(",") + ")" };
  }

  return { figure: figure, colourRange: colourRange, shade: shade, legend: legend };
})();
