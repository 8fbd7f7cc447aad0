// Explore: one section in which a reader arranges the embedded results. The state is in the address, so a link shows it.
(function () {
  var numbers = ringside.explore.data;
  var states = ringside.explore.state;
  var tables = ringside.explore.tables;
  var controls = ringside.explore.controls;
  var view = ringside.explore.view;
  var part = view.part;
  var PANELS = 6;
  var of = null;
  var state = null;
  var canDraw = false;
  var panels = PANELS;
  var focused = "";
  var open = {};
  var chosen = "";

  function shown() {
    var metric = of.metrics.find(function (one) { return one.key === state.metric; });
    return { of: of, state: state, points: numbers.points(of, state), metric: metric };
  }

  function isEmpty() {
    return of === null || of.metrics.length === 0;
  }

  function begin(data) {
    of = numbers.model(data);
    // A page that follows its folder keeps what the reader chose, as far as the new results have it.
    var found = states.read(of, state === null ? location.hash : states.write(of, state));
    state = found.state;
    controls.build(of, part("controls"));
    Object.keys(open).forEach(function (id) { document.getElementById(id).open = open[id]; });
    say(found.unknown);
    update();
    if (!isEmpty() && of.byKey.has(chosen)) { view.detail(shown(), of.byKey.get(chosen)); }
  }

  function update() {
    part("controls").hidden = isEmpty();
    part("data").hidden = isEmpty();
    if (isEmpty()) {
      part("status").textContent = "No run has finished: there is nothing to explore yet.";
      return;
    }
    controls.show(of, state, part("controls"));
    part("link").href = states.write(of, state);
    view.words(shown());
    draw();
  }

  // Figures wait until the page has drawn its own.
  function draw() {
    if (canDraw || state.view === "table") { view.draw(shown(), panels, choose); }
  }

  function choose(key) {
    chosen = key;
    view.detail(shown(), of.byKey.get(key));
  }

  function say(unknown) {
    part("unknown").hidden = unknown.length === 0;
    part("unknown").textContent = unknown.length === 0 ? ""
        : "The link asks for what this report does not have: " + unknown.join(", ") + ".";
  }

  // Everything that a reader changes ends here.
  function changed() {
    panels = PANELS;
    part("detail").replaceChildren();
    chosen = "";
    say([]);
    try {
      history.replaceState(null, "", states.write(of, state));
    } catch (problem) {
      // A page inside another one may not change its address; the link below the controls has it.
    }
    document.documentElement.setAttribute("data-explored", "");
    update();
  }

  function pin(key) {
    state.base = Object.assign(Object.create(null), of.byKey.get(key).at);
    changed();
    // At once: what is clicked during a smooth way there would be something else.
    part("b0").focus({ preventScroll: true });
    part("controls").scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  function copyLink(button) {
    var box = tables.make("textarea", { readonly: "", "class": "explore-copied" }, part("link").href);
    button.parentNode.append(box);
    box.select();
    button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
    box.remove();
    button.focus();
    setTimeout(function () { button.textContent = "Copy link"; }, 2000);
  }

  function click(button) {
    if (button.dataset.series !== undefined) {
      toggle(button);
    } else if (button.dataset.pin !== undefined) {
      pin(button.dataset.pin);
    } else if (button.dataset.all !== undefined) {
      delete state.filter[button.dataset.all];
      changed();
    } else if (button.id === "explore-unpin") {
      state.base = Object.create(null);
      changed();
    } else if (button.id === "explore-reset") {
      state = states.initial(of);
      changed();
    } else if (button.id === "explore-csv") {
      var now = shown();
      var table = tables.csv(of, now.points, now.metric);
      ringside.saveCsv("explore-" + state.metric.replace(/[^\w.]+/g, "-"), table.head, table.rows);
    } else if (button.id === "explore-copy") {
      copyLink(button);
    } else if (button.id === "explore-more") {
      panels += 2 * PANELS;
      draw();
    }
  }

  // A button of the legend is the filter of its value.
  function toggle(button) {
    var box = Array.from(part("controls").querySelectorAll("input[data-filter]")).find(function (one) {
      return one.dataset.filter === state.series && one.value === button.dataset.series;
    });
    box.checked = !box.checked;
    change(box);
    document.getElementById(button.id).focus();
  }

  function change(control) {
    var data = control.dataset;
    if (data.part !== undefined) {
      if (states.ROLES.indexOf(data.part) >= 0) {
        states.place(of, state, data.part, control.value);
      } else {
        state[data.part] = control.value;
      }
    } else if (data.base !== undefined) {
      if (control.value === "") {
        delete state.base[data.base];
      } else {
        state.base[data.base] = control.value.substring(1);
      }
    } else if (data.filter !== undefined) {
      var kept = controls.filterOf(of, part("controls"), data.filter);
      if (kept === null) {
        delete state.filter[data.filter];
      } else if (kept.length > 0) {
        state.filter[data.filter] = kept;
      }
    }
    changed();
  }

  function inside(target) {
    return of !== null && target.closest && target.closest("#explore") !== null;
  }

  function load() {
    if (!part("controls")) { return; }
    if (!ringside.data) {
      part("status").textContent = "This browser is too old to explore; the tables of the other sections are complete.";
      return;
    }
    ringside.data.then(begin).then(function () {
      if (location.hash.indexOf("#explore?") === 0) { arrive(); }
    });
  }

  // A fragment with a state names no element, so that the browser stays where it is.
  function arrive() {
    document.documentElement.setAttribute("data-explored", "");
    document.getElementById("explore").scrollIntoView({ behavior: "instant" });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (button && inside(button)) { click(button); }
  });
  document.addEventListener("change", function (event) {
    if (inside(event.target)) { change(event.target); }
  });
  window.addEventListener("hashchange", function () {
    if (of !== null && location.hash.indexOf("#explore?") === 0) {
      var found = states.read(of, location.hash);
      state = found.state;
      panels = PANELS;
      say(found.unknown);
      update();
      arrive();
    }
  });
  document.addEventListener("ringside:drawn", function () {
    canDraw = true;
    if (of !== null) { update(); }
  });
  document.addEventListener("ringside:themed", function () {
    if (!isEmpty() && part("shown")) { draw(); }
  });
  document.addEventListener("toggle", function (event) {
    if (inside(event.target)) { open[event.target.id] = event.target.open; }
  }, true);
  document.addEventListener("focusin", function (event) { focused = inside(event.target) ? event.target.id : ""; });
  document.addEventListener("ringside:updated", function () {
    var was = focused;
    if (!part("controls")) { return; }
    ringside.data.then(begin).then(function () {
      if (was !== "" && document.activeElement === document.body && document.getElementById(was)) {
        document.getElementById(was).focus({ preventScroll: true });
      }
    });
  });
  load();
})();
