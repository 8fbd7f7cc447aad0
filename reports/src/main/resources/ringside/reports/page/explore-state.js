// Explore, the state: what is chosen, and the same as the fragment of the page's address.
ringside.explore.state = (function () {
  var numbers = ringside.explore.data;
  var MARK = "#explore?";
  var VIEWS = ["lines", "heat", "table", "parallel"];
  var ROLES = ["x", "series", "panels"];

  // A heat map for two long axes, panels for three, a table for more, unless somebody asks for something else.
  function initialView(axes) {
    if (axes.length > 3) { return "table"; }
    var long = axes.every(function (axis) { return axis.values.length > 2; });
    return axes.length === 2 && long ? "heat" : "lines";
  }

  function initial(of) {
    var names = of.axes.map(function (axis) { return axis.name; });
    var series = names.indexOf(of.compared) >= 0 ? of.compared : names[0];
    var others = of.axes.filter(function (axis) { return axis.name !== series; });
    others.sort(function (a, b) {
      return (b.numeric - a.numeric) || (b.values.length - a.values.length);
    });
    var single = others.length === 0;
    var state = {
      metric: of.metrics.length > 0 ? of.metrics[0].key : "", scale: "linear", x: single ? series : others[0].name,
      series: single ? "" : series, panels: "", filter: Object.create(null), base: Object.create(null)
    };
    var placed = of.axes.filter(function (axis) { return axis.name === state.x || axis.name === state.series; });
    var free = numbers.rest(of, state, [state.x, state.series]);
    state.panels = (others.find(function (axis) { return free.indexOf(axis) >= 0; }) || { name: "" }).name;
    state.view = initialView(placed.concat(free));
    return state;
  }

  // Only what differs from the view that a reader gets without a fragment.
  function write(of, state) {
    var start = initial(of);
    var words = new URLSearchParams();
    ["view", "metric", "scale"].concat(ROLES).forEach(function (part) {
      if (state[part] !== start[part]) { words.append(part, state[part]); }
    });
    of.axes.forEach(function (axis) {
      (state.filter[axis.name] || []).forEach(function (value) { words.append("f." + axis.name, value); });
      if (axis.name in state.base) { words.append("b." + axis.name, state.base[axis.name]); }
    });
    var text = words.toString();
    return text === "" ? "#explore" : MARK + text;
  }

  // A link may come from another report: what this one does not have is left out, and said.
  function read(of, fragment) {
    var state = initial(of);
    var unknown = [];
    if (fragment.indexOf(MARK) !== 0) { return { state: state, unknown: unknown }; }
    new URLSearchParams(fragment.substring(MARK.length)).forEach(function (value, part) {
      if (!take(of, state, part, value)) { unknown.push(part + "=" + value); }
    });
    ROLES.forEach(function (role, i) {
      if (ROLES.slice(0, i).some(function (earlier) { return state[earlier] === state[role]; })) { state[role] = ""; }
    });
    return { state: state, unknown: unknown };
  }

  function take(of, state, part, value) {
    if (part === "view" || part === "scale") {
      return set(state, part, value, part === "view" ? VIEWS : ["linear", "log"]);
    }
    if (part === "metric") {
      return set(state, part, value, of.metrics.map(function (metric) { return metric.key; }));
    }
    if (ROLES.indexOf(part) >= 0) {
      var names = of.axes.map(function (axis) { return axis.name; });
      return set(state, part, value, part === "x" ? names : names.concat(""));
    }
    var axis = numbers.axis(of, part.substring(2));
    if (!axis || axis.values.indexOf(value) < 0) { return false; }
    if (part.indexOf("f.") === 0) {
      state.filter[axis.name] = (state.filter[axis.name] || []).concat(value);
      return true;
    }
    return part.indexOf("b.") === 0 && set(state.base, axis.name, value, axis.values);
  }

  function set(object, name, value, allowed) {
    if (allowed.indexOf(value) < 0) { return false; }
    object[name] = value;
    return true;
  }

  // Gives an axis to a role; the role that had it takes what becomes free. Something always stays along x.
  function place(of, state, role, name) {
    ROLES.forEach(function (other) {
      if (other !== role && name !== "" && state[other] === name) { state[other] = state[role]; }
    });
    state[role] = name;
    if (state.x === "") {
      var free = of.axes.find(function (axis) { return axis.name !== state.series && axis.name !== state.panels; });
      state.x = free ? free.name : state[role];
      if (!free) { state[role] = ""; }
    }
  }

  return { initial: initial, write: write, read: read, place: place, ROLES: ROLES, VIEWS: VIEWS };
})();
