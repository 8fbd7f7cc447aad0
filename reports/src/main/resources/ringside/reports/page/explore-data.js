// Explore, the numbers: configurations of the embedded results, their metrics, ratios to a baseline. No markup here.
ringside.explore = {};
ringside.explore.data = (function () {
  var SHARE = "ratio";
  // Metrics that the figures of a report show come first in the choice.
  var FIRST = ["iops", "bandwidth", "iops_per_cpu_second", "lock_wait_share", "lat_p50", "lat_p99", "lat_p99_9"];

  // As the harness does: the middle value, the mean of the two middle ones for an even number.
  function median(values) {
    var sorted = values.slice().sort(function (a, b) { return a - b; });
    var middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  function keyOf(axes, at) {
    return JSON.stringify(axes.map(function (axis) { return at[axis.name]; }));
  }

  function isNumeric(axis) {
    return axis.values.every(function (value) { return /^\d+(\.\d+)?\s*[kmgt]?(i?b)?$/i.test(value.trim()); });
  }

  // What a run has of an axis; a suite may give an axis to some of its configurations only.
  function valueOf(run, axis) {
    return Object.hasOwn(run.axes, axis.name) ? run.axes[axis.name] : "";
  }

  function variedAxes(data) {
    return data.axes.map(function (axis) {
      var lacking = axis.values.indexOf("") < 0 && data.runs.some(function (run) { return valueOf(run, axis) === ""; });
      return { name: axis.name, values: lacking ? [""].concat(axis.values) : axis.values, numeric: isNumeric(axis) };
    }).filter(function (axis) { return axis.values.length > 1; });
  }

  // By the places of the values in their axes.
  function inOrder(axes, read) {
    return function (a, b) {
      for (var i = 0; i < axes.length; i++) {
        var order = axes[i].values.indexOf(read(a, i)) - axes[i].values.indexOf(read(b, i));
        if (order !== 0) { return order; }
      }
      return 0;
    };
  }

  // The varied axes and the configurations, in order of the suite, with the runs that count.
  function model(data) {
    var axes = variedAxes(data);
    var cells = new Map();
    data.runs.forEach(function (run) {
      var at = {};
      axes.forEach(function (axis) { at[axis.name] = valueOf(run, axis); });
      var key = keyOf(axes, at);
      if (!cells.has(key)) {
        cells.set(key, { id: run.cell, key: key, at: at, runs: [], command: data.commands[run.cell] || "" });
      }
      if (run.status === "OK" && cells.get(key).id === run.cell) {
        cells.get(key).runs.push(run);
      }
    });
    var sorted = Array.from(cells.values()).sort(inOrder(axes, function (cell, i) { return cell.at[axes[i].name]; }));
    return { axes: axes, cells: sorted, byKey: cells, compared: data.compared.axis, metrics: metrics(data) };
  }

  function axis(of, name) {
    return of.axes.find(function (one) { return one.name === name; });
  }

  function metricName(name) {
    var known = { iops: "IOPS", iops_per_cpu_second: "IOPS per CPU second", lock_wait_share: "waiting for the big lock" };
    return known[name] || (/^lat_p\d/.test(name) ? "p" + name.substring(5).replace("_", ".") + " latency" : name);
  }

  // Every number that a run has: its metrics, and the percentiles of its distributions.
  function metrics(data) {
    var found = new Map();
    data.runs.forEach(function (run) {
      Object.keys(run.metrics).forEach(function (name) {
        var said = data.metrics[name] || {};
        var first = FIRST.indexOf(name) >= 0;
        found.set(name, found.get(name) || {
          key: name, label: metricName(name), unit: said.unit || "", better: said.better || "NEITHER",
          group: first ? "Figures of this report" : "Other metrics",
          read: function (one) { return one.metrics[name]; }
        });
      });
      Object.keys(run.histograms || {}).forEach(function (name) {
        Object.keys(run.histograms[name].percentiles).forEach(function (percentile) {
          var key = name + "@p" + Number(percentile);
          found.set(key, found.get(key) || {
            key: key, label: name + ", p" + Number(percentile) + " of each run", unit: run.histograms[name].unit || "",
            better: run.histograms[name].unit === "ns" ? "LOWER" : "NEITHER", group: "Percentiles of distributions",
            read: function (one) {
              var histogram = (one.histograms || {})[name];
              return histogram && histogram.count > 0 ? histogram.percentiles[percentile] : undefined;
            }
          });
        });
      });
    });
    var rank = function (metric) {
      var place = FIRST.indexOf(metric.key);
      return place >= 0 ? place : FIRST.length + (metric.group === "Other metrics" ? 0 : 1);
    };
    return Array.from(found.values()).sort(function (a, b) { return rank(a) - rank(b); });
  }

  // Median and range over the runs that have the metric; nothing where no run has it.
  function estimate(cell, metric) {
    var values = cell.runs.map(metric.read).filter(function (value) { return Number.isFinite(value); });
    return values.length === 0 ? null : {
      median: median(values), low: Math.min.apply(null, values), high: Math.max.apply(null, values), runs: values
    };
  }

  function isShown(cell, filter) {
    return Object.keys(filter).every(function (name) { return filter[name].indexOf(cell.at[name]) >= 0; });
  }

  // The configuration that a baseline means for this one: the pinned axes replaced, the others alike.
  function baselineOf(of, cell, base) {
    return of.byKey.get(keyOf(of.axes, Object.assign({}, cell.at, base)));
  }

  // What is shown of each configuration that the filter lets through: its own numbers, or those by the baseline's median.
  function points(of, state) {
    var metric = of.metrics.find(function (one) { return one.key === state.metric; });
    var pinned = Object.keys(state.base).length > 0;
    return of.cells.filter(function (cell) { return isShown(cell, state.filter); }).map(function (cell) {
      var own = estimate(cell, metric);
      var point = { cell: cell, own: own, base: null, baseCell: null, shown: own, ratio: false };
      if (pinned) {
        point.baseCell = baselineOf(of, cell, state.base) || null;
        point.base = point.baseCell && estimate(point.baseCell, metric);
        point.ratio = true;
        point.shown = own && point.base && point.base.median !== 0 ? scaled(own, 1 / point.base.median) : null;
      }
      return point;
    });
  }

  function scaled(own, by) {
    return {
      median: own.median * by, low: own.low * by, high: own.high * by,
      runs: own.runs.map(function (value) { return value * by; })
    };
  }

  // Axes that the view gives no place: each of their combinations gets a panel, a row or a line of its own. An axis that
  // advances together with those before it has no combinations, unless it was asked for.
  function rest(of, state, placed) {
    var cells = of.cells.filter(function (cell) { return isShown(cell, state.filter); });
    var before = of.axes.filter(function (one) { return placed.indexOf(one.name) >= 0; });
    return of.axes.filter(function (one) {
      var wanted = one.name === state.panels || one.name === state.series;
      if (placed.indexOf(one.name) >= 0 || shownValues(one, state).length < 2 || !wanted && follows(one, before, cells)) {
        return false;
      }
      before.push(one);
      return true;
    });
  }

  // Whether the values of some axes leave no choice for another one.
  function follows(one, before, cells) {
    var seen = new Map();
    return cells.every(function (cell) {
      var key = keyOf(before, cell.at);
      if (!seen.has(key)) { seen.set(key, cell.at[one.name]); }
      return seen.get(key) === cell.at[one.name];
    });
  }

  function shownValues(one, state) {
    var kept = state.filter[one.name];
    return kept ? one.values.filter(function (value) { return kept.indexOf(value) >= 0; }) : one.values;
  }

  // One group for each combination of these axes, in their order.
  function groups(list, axes) {
    var found = new Map();
    list.forEach(function (point) {
      var key = keyOf(axes, point.cell.at);
      if (!found.has(key)) {
        found.set(key, { key: key, at: axes.map(function (one) { return point.cell.at[one.name]; }), points: [] });
      }
      found.get(key).points.push(point);
    });
    return Array.from(found.values()).sort(inOrder(axes, function (group, i) { return group.at[i]; }));
  }

  // Words as they are, numbers with their axis.
  function name(axes, at) {
    return axes.map(function (one, i) {
      var value = Array.isArray(at) ? at[i] : at[one.name];
      return one.numeric || value === "" ? one.name + " " + (value || "(none)") : value;
    }).join(" · ");
  }

  function significant(value, digits) {
    if (value === 0) { return "0"; }
    var rounded = Number(value.toPrecision(digits));
    var decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
    return rounded.toFixed(Math.min(decimals, 20));
  }

  function prefixed(value, digits, prefixes) {
    var place = 0;
    while (Math.abs(value) >= 1000 - 0.5 * Math.pow(10, 3 - digits) && place < prefixes.length - 1) {
      value /= 1000;
      place++;
    }
    return (Number.isInteger(value) && place === 0 ? String(value) : significant(value, digits)) + prefixes[place];
  }

  // A value as people read it; the CSV has every digit.
  function text(value, unit) {
    var si = function () { return prefixed(value, 4, ["", " k", " M", " G", " T"]); };
    if (unit === "ns") { return prefixed(value, 3, [" ns", " µs", " ms", " s"]); }
    if (unit === "1/s") { return si() + "/s"; }
    if (unit === "bytes/s") { return si() + (/ /.test(si()) ? "B/s" : " B/s"); }
    if (unit === SHARE) { return value !== 0 && Math.abs(value) < 0.001 ? "under 0.1 %" : Number((value * 100).toFixed(1)) + " %"; }
    return unit === "1" || unit === "" ? si() : si() + " " + unit;
  }

  // What is shown of a point: a ratio where a baseline is pinned.
  function shownText(point, value, metric) {
    return point.ratio ? significant(value, 3) + " ×" : text(value, metric.unit);
  }

  return {
    model: model, axis: axis, points: points, estimate: estimate, rest: rest, groups: groups, name: name, text: text,
    shownText: shownText, shownValues: shownValues, significant: significant, SHARE: SHARE
  };
})();
