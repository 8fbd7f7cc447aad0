// Explore, the controls: made once, then kept as the state is. Every one is a plain form element with a label.
ringside.explore.controls = (function () {
  var numbers = ringside.explore.data;
  var make = ringside.explore.tables.make;
  var VIEWS = { lines: "lines", heat: "heat map", table: "pivot table", parallel: "parallel coordinates" };

  function option(value, text) {
    return make("option", { value: value }, text);
  }

  function choice(id, label, options) {
    return make("label", { "class": "pick", "for": "explore-" + id }, [
      make("span", {}, label), make("select", { id: "explore-" + id, "data-part": id }, options)
    ]);
  }

  function axisOptions(of, none) {
    return (none === "" ? [] : [option("", none)]).concat(of.axes.map(function (axis) { return option(axis.name, axis.name); }));
  }

  function metricOptions(of) {
    var groups = [];
    of.metrics.forEach(function (metric) {
      var group = groups.find(function (one) { return one.label === metric.group; });
      if (!group) {
        group = make("optgroup", { label: metric.group });
        groups.push(group);
      }
      group.append(option(metric.key, metric.label));
    });
    return groups;
  }

  function filters(of) {
    return make("details", { id: "explore-filter", "class": "explore-filter" }, [
      make("summary", { id: "explore-filter-head" }, "Filter"),
      make("div", { "class": "explore-axes" }, of.axes.map(function (axis, a) {
        return make("fieldset", {}, [make("legend", {}, axis.name)].concat(axis.values.map(function (value, v) {
          var box = make("input", { type: "checkbox", id: "explore-f" + a + "-" + v, "data-filter": axis.name, value: value });
          return make("label", {}, [box, value || "(none)"]);
        }).concat(make("button", { type: "button", "data-all": axis.name, "aria-label": "Show all values of " + axis.name }, "All"))));
      }))
    ]);
  }

  function baselines(of) {
    return make("fieldset", { "class": "explore-base" }, [make("legend", {}, "Baseline")].concat(of.axes.map(function (axis, i) {
      var select = make("select", { id: "explore-b" + i, "data-base": axis.name }, [option("", "as in each point")].concat(
        axis.values.map(function (value) { return option("=" + value, value || "(none)"); })));
      return make("label", { "class": "pick", "for": "explore-b" + i }, [make("span", {}, axis.name), select]);
    })).concat(make("button", { type: "button", id: "explore-unpin" }, "Unpin")));
  }

  function build(of, place) {
    place.replaceChildren(
      make("div", { "class": "explore-picks" }, [
        choice("metric", "Metric", metricOptions(of)),
        choice("view", "View", Object.keys(VIEWS).map(function (view) { return option(view, VIEWS[view]); })),
        choice("x", "Along x", axisOptions(of, "")),
        choice("series", "Series", axisOptions(of, "none")),
        choice("panels", "Panels", axisOptions(of, "none")),
        choice("scale", "Scale", [option("linear", "linear"), option("log", "logarithmic")])
      ]),
      baselines(of), filters(of),
      make("p", { "class": "explore-acts" }, [
        make("button", { type: "button", id: "explore-csv" }, "Download CSV of what is shown"),
        make("button", { type: "button", id: "explore-copy" }, "Copy link"),
        make("a", { id: "explore-link", href: "#explore" }, "Link to this view"),
        make("button", { type: "button", id: "explore-reset" }, "Start again")
      ])
    );
  }

  function show(of, state, place) {
    place.querySelectorAll("select[data-part]").forEach(function (select) { select.value = state[select.dataset.part]; });
    place.querySelectorAll("select[data-base]").forEach(function (select) {
      var value = state.base[select.dataset.base];
      select.value = value === undefined ? "" : "=" + value;
    });
    place.querySelectorAll("input[data-filter]").forEach(function (box) {
      var kept = state.filter[box.dataset.filter];
      box.checked = !kept || kept.indexOf(box.value) >= 0;
    });
    place.querySelector("label[for=explore-series] span").textContent = state.view === "heat" ? "Along y" : state.view === "table" ? "Inner rows" : state.view === "parallel" ? "Colour" : "Series";
    place.querySelector("label[for=explore-panels] span").textContent = state.view === "table" ? "Outer rows" : "Panels";
    place.querySelector("label[for=explore-x] span").textContent = state.view === "table" ? "Columns" : "Along x";
    ["x", "panels"].forEach(function (role) {
      document.getElementById("explore-" + role).disabled = state.view === "parallel";
    });
    document.getElementById("explore-unpin").disabled = Object.keys(state.base).length === 0;
    var filtered = Object.keys(state.filter);
    place.querySelector(".explore-filter summary").textContent = filtered.length === 0
        ? "Filter: everything is shown" : "Filter: " + filtered.map(function (name) {
          return name + " " + state.filter[name].join(", ");
        }).join(" · ");
  }

  // What is checked, or nothing where everything is; the last value of an axis stays.
  function filterOf(of, place, name) {
    var boxes = Array.from(place.querySelectorAll("input[data-filter]")).filter(function (box) { return box.dataset.filter === name; });
    var kept = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    return kept.length === boxes.length ? null : kept;
  }

  return { build: build, show: show, filterOf: filterOf };
})();
