// Explore, the tables: a pivot table, every number of what is shown, and both as CSV.
ringside.explore.tables = (function () {
  var numbers = ringside.explore.data;

  function make(name, attributes, content) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    (Array.isArray(content) ? content : content === undefined ? [] : [content]).forEach(function (child) {
      element.append(child);
    });
    return element;
  }

  function table(caption, head, rows) {
    return make("div", { "class": "scroll", tabindex: "0", role: "region", "aria-label": caption }, make("table", {}, [
      make("caption", {}, caption), make("thead", {}, make("tr", {}, head)), make("tbody", {}, rows)
    ]));
  }

  function columnHead(text) {
    return make("th", { scope: "col" }, text);
  }

  // Rows are all axes but x; series first, because what is compared stands side by side then.
  function rowAxes(of, state) {
    var series = numbers.axis(of, state.series);
    var facet = numbers.axis(of, state.panels);
    return numbers.rest(of, state, [state.x]).sort(function (a, b) {
      return (b === facet) - (a === facet) || (a === series) - (b === series);
    });
  }

  function pivot(of, state, points, metric, shade) {
    var axes = rowAxes(of, state);
    var xAxis = numbers.axis(of, state.x);
    var xs = numbers.shownValues(xAxis, state);
    var head = axes.map(function (axis) { return columnHead(axis.name); }).concat(xs.map(function (x) {
      return columnHead(xAxis.numeric ? xAxis.name + " " + x : x);
    }));
    var rows = numbers.groups(points, axes).map(function (group) {
      var names = group.at.map(function (value) { return make("th", { scope: "row" }, value || "(none)"); });
      return make("tr", {}, names.concat(xs.map(function (x) {
        return valueCell(group.points.find(function (point) { return point.cell.at[state.x] === x; }), metric, shade);
      })));
    });
    var caption = metric.label + (points.some(function (point) { return point.ratio; }) ? " as ratio to the baseline" : "")
        + ", medians, columns by " + xAxis.name;
    return table(caption, head, rows);
  }

  function valueCell(point, metric, shade) {
    var cell = make("td", { "class": "number" }, point && point.shown
      ? numbers.shownText(point, point.shown.median, metric) : "—");
    if (point && point.shown) {
      shade(cell, point);
    }
    return cell;
  }

  // One row for each configuration, with a button that pins it: the way to a baseline without a mouse.
  function rows(of, state, points, metric, most) {
    var pinned = points.some(function (point) { return point.ratio; });
    var head = of.axes.map(function (axis) { return columnHead(axis.name); });
    head.push(columnHead("median"), columnHead("lowest run"), columnHead("highest run"), columnHead("runs"));
    if (pinned) { head.push(columnHead("ratio")); }
    head.push(columnHead("baseline"));
    var body = points.slice(0, most).map(function (point) {
      var cells = of.axes.map(function (axis) { return make("td", {}, point.cell.at[axis.name]); });
      ["median", "low", "high"].forEach(function (part) {
        cells.push(make("td", { "class": "number" }, point.own ? numbers.text(point.own[part], metric.unit) : "—"));
      });
      cells.push(make("td", { "class": "number" }, String(point.own ? point.own.runs.length : 0)));
      if (pinned) {
        cells.push(make("td", { "class": "number" }, point.shown ? numbers.significant(point.shown.median, 3) : "—"));
      }
      var label = "Pin " + numbers.name(of.axes, point.cell.at) + " as the baseline";
      cells.push(make("td", {}, make("button", { type: "button", "data-pin": point.cell.key, "aria-label": label }, "Pin")));
      return make("tr", {}, cells);
    });
    var cut = points.length > most ? ", first " + most + " of " + points.length + " rows; the CSV has all" : "";
    return table(metric.label + " of every configuration that is shown" + cut, head, body);
  }

  // Every digit, one line for each configuration.
  function csv(of, points, metric) {
    var pinned = points.some(function (point) { return point.ratio; });
    var unit = metric.unit === "" ? "" : " (" + metric.unit + ")";
    var head = of.axes.map(function (axis) { return axis.name; })
        .concat([metric.key + " median" + unit, "lowest run", "highest run", "runs"]);
    if (pinned) { head.push("ratio to baseline", "baseline", "baseline median" + unit); }
    head.push("command");
    return { head: head, rows: points.map(function (point) {
      var own = point.own;
      var row = of.axes.map(function (axis) { return point.cell.at[axis.name]; })
          .concat(own ? [own.median, own.low, own.high, own.runs.length] : ["", "", "", 0]);
      if (pinned) {
        row.push(point.shown ? point.shown.median : "", point.baseCell ? numbers.name(of.axes, point.baseCell.at) : "",
            point.base ? point.base.median : "");
      }
      return row.concat(point.cell.command);
    }) };
  }

  return { make: make, pivot: pivot, rows: rows, csv: csv };
})();
