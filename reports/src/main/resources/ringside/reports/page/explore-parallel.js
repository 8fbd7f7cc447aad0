// Explore, parallel coordinates: an upright for each axis and one for the metric, one path for each configuration.
ringside.explore.parallel = (function () {
  var numbers = ringside.explore.data;
  var parts = ringside.explore.parts;
  var TICKS = 5;
  var CLEAR_PATHS = 60;
  var MANY_PATHS = 300;
  var BAR = 0.8;

  // Each value has a bar of its axis. Numbers grow upwards, words stand as in a list.
  function middle(axis, values, value) {
    var share = (values.indexOf(value) + 0.5) / values.length;
    return axis.numeric ? share : 1 - share;
  }

  // Paths cross a bar as high as their metric is, or all of them would be one line.
  function crossing(axis, values, point, along) {
    return middle(axis, values, point.cell.at[axis.name]) + (along.place(point) - 0.5) * BAR / values.length;
  }

  // The metric's line: its lowest median is at 0, its highest at 1.
  function rule(drawn, log) {
    var read = function (value) { return log ? Math.log(value) : value; };
    var values = drawn.map(function (point) { return read(point.shown.median); });
    var low = Math.min.apply(null, values);
    var room = Math.max.apply(null, values) - low;
    return {
      place: function (point) { return room === 0 ? 0.5 : (read(point.shown.median) - low) / room; },
      value: function (share) { return log ? Math.exp(low + share * room) : low + share * room; },
      flat: room === 0
    };
  }

  function figure(of, state, points, metric) {
    var scale = parts.scaleOf(points, metric, state);
    var drawn = points.filter(function (point) { return point.shown && (!scale.log || point.shown.median > 0); });
    var axes = numbers.rest(of, state, []);
    var along = rule(drawn, scale.log);
    var series = numbers.axis(of, state.series);
    var data = [];
    (series ? numbers.shownValues(series, state) : [""]).forEach(function (name) {
      var own = drawn.filter(function (point) { return !series || point.cell.at[series.name] === name; });
      var place = series ? series.values.indexOf(name) : 0;
      data.push(paths(own, axes, state, along, place, drawn.length));
      data.push(ends(of, own, axes.length, along, place, metric));
    });
    return {
      title: "", points: points, data: data, height: parts.isNarrow() ? 380 : 440,
      layout: drawn.length === 0 ? {} : layout(axes, state, along, scale, drawn[0], metric)
    };
  }

  function paths(own, axes, state, along, place, count) {
    var x = [];
    var y = [];
    own.forEach(function (point) {
      axes.forEach(function (axis, i) {
        x.push(i);
        y.push(crossing(axis, numbers.shownValues(axis, state), point, along));
      });
      x.push(axes.length, null);
      y.push(along.place(point), null);
    });
    return {
      type: "scatter", mode: "lines", x: x, y: y, meta: { series: place }, hoverinfo: "skip", cliponaxis: false,
      opacity: count <= CLEAR_PATHS ? 0.8 : count <= MANY_PATHS ? 0.4 : 0.2,
      line: { width: 1.5, dash: count <= CLEAR_PATHS ? parts.dash(place) : "solid" }
    };
  }

  function ends(of, own, at, along, place, metric) {
    return {
      type: "scatter", mode: "markers", meta: { series: place }, cliponaxis: false,
      x: own.map(function () { return at; }), y: own.map(along.place),
      ids: own.map(function (point) { return point.cell.key; }),
      customdata: own.map(function (point) { return parts.hover(of, point, metric); }),
      hovertemplate: "%{customdata}<extra></extra>", marker: { symbol: parts.symbol(place), size: 8 }
    };
  }

  function bar(x, from, to) {
    return { type: "line", x0: x, x1: x, y0: from, y1: to, layer: "below", line: { width: 3 } };
  }

  function layout(axes, state, along, scale, one, metric) {
    var shares = along.flat ? [0.5] : Array.from({ length: TICKS }, function (_, i) { return i / (TICKS - 1); });
    var longest = parts.isNarrow() ? 9 : 22;
    var labels = [];
    var bars = [bar(axes.length, 0, 1)];
    axes.forEach(function (axis, i) {
      var values = numbers.shownValues(axis, state);
      values.forEach(function (value) {
        var at = middle(axis, values, value);
        bars.push(bar(i, at - BAR / 2 / values.length, at + BAR / 2 / values.length));
        labels.push({
          x: i, y: at, text: parts.short(value, longest), showarrow: false, xanchor: "left", xshift: 5,
          bgcolor: ringside.colour("--paper"), opacity: 0.9, font: { size: parts.isNarrow() ? 10 : 12 }, borderpad: 1
        });
      });
    });
    return {
      hovermode: "closest", annotations: labels,
      shapes: bars,
      xaxis: {
        side: "top", showgrid: false, zeroline: false, showline: false, fixedrange: true, automargin: true,
        range: [-0.1, axes.length + 0.15], tickvals: axes.concat(null).map(function (_, i) { return i; }),
        ticktext: axes.map(function (axis) { return parts.short(axis.name, longest); })
            .concat(parts.short(scale.ratio ? "ratio" : metric.label, longest))
      },
      yaxis: {
        side: "right", showgrid: false, zeroline: false, showline: false, fixedrange: true, range: [-0.06, 1.06], automargin: true,
        tickvals: shares, ticktext: shares.map(function (share) { return numbers.shownText(one, along.value(share), metric); })
      }
    };
  }

  return { figure: figure };
})();
