"use strict";
// Draws the figures with the page's theme, and serves its buttons. No network: the page's policy forbids it.
var ringside = (function () {
  var root = document.documentElement;
  var plots = [];
  var library = false;
  var printing = "light";
  var config = {
    displaylogo: false, responsive: true, showSendToCloud: false, plotlyServerURL: "",
    modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d", "toImage"]
  };
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function colour(name) {
    return getComputedStyle(root).getPropertyValue(name).trim();
  }

  // The figures' own scripts call this; the library draws what it noted.
  var notes = {
    newPlot: function (div, data) {
      plots.push({ div: div, data: data, drawn: false });
    }
  };
  window.Plotly = notes;

  function seriesColour(trace) {
    var series = trace.meta ? trace.meta.series : -1;
    return colour(series < 0 ? "--muted" : "--s" + series % 7);
  }

  function themedTrace(trace) {
    if (trace.meta && trace.meta.themed) {
      return trace;
    }
    var mark = seriesColour(trace);
    var result = Object.assign({}, trace, { showlegend: false });
    result.marker = Object.assign({}, trace.marker, { color: mark });
    if (trace.type === "bar") {
      result.marker.line = { color: colour("--paper"), width: 1 };
      result.marker.pattern = Object.assign({ fillmode: "overlay", fgcolor: colour("--paper") }, (trace.marker || {}).pattern);
    } else {
      result.line = Object.assign({}, trace.line, { color: mark });
      result.textfont = { color: mark };
    }
    ["error_x", "error_y"].forEach(function (bar) {
      if (trace[bar]) {
        result[bar] = Object.assign({ color: mark }, trace[bar]);
      }
    });
    return result;
  }

  function themedAxis(axis) {
    var grid = colour("--line");
    return Object.assign({ gridcolor: grid, zerolinecolor: grid, linecolor: grid, tickcolor: grid }, axis);
  }

  // Rows of a figure that is higher than a sheet get a line each, in small print.
  function closer(axis) {
    return Object.assign({}, axis, {
      tickfont: { size: 8 },
      ticktext: axis.ticktext && axis.ticktext.map(function (text) { return String(text).replace(/<br>/g, " "); })
    });
  }

  function themedLayout(div, own) {
    var layout = Object.assign({}, own);
    layout.xaxis = themedAxis(layout.xaxis);
    layout.yaxis = Object.assign({ automargin: true }, themedAxis(layout.yaxis));
    if (parseFloat(div.parentNode.style.height) > div.parentNode.clientHeight) {
      layout.yaxis = closer(layout.yaxis);
    }
    layout.shapes = (layout.shapes || []).map(function (shape) {
      return Object.assign({}, shape, { line: Object.assign({ color: colour("--line") }, shape.line) });
    });
    return Object.assign(layout, {
      autosize: true, height: div.parentNode.clientHeight, margin: { l: 60, r: 16, t: 30, b: 46 },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 12.5, color: colour("--ink") },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("--muted"), activecolor: colour("--accent") },
      hoverlabel: { bgcolor: colour("--paper"), bordercolor: colour("--muted"), font: { color: colour("--ink") } }
    });
  }

  // Asked for while Plotly is there, because its icons are.
  function imageButton(format, icon) {
    return {
      name: format, title: "Download " + format.toUpperCase(), icon: icon,
      click: function (div) {
        window.Plotly.downloadImage(div, {
          format: format, filename: div.id.replace(/^plot_/, ""), width: div.clientWidth, height: div.clientHeight,
          scale: format === "png" ? 2 : 1
        });
      }
    };
  }

  function isShown(element) {
    return element.offsetParent !== null;
  }

  function render(div, data, layout) {
    var again = div.classList.contains("js-plotly-plot");
    (again ? Plotly.react : Plotly.newPlot)(div, data.map(themedTrace), themedLayout(div, layout), config);
  }

  function draw(plot) {
    if (library && isShown(plot.div)) {
      render(plot.div, plot.data, api.layouts[plot.div.id]);
      plot.drawn = true;
      if (performance.getEntriesByName("ringside-first-figure").length === 0) {
        // Once the browser has had its turn to paint.
        requestAnimationFrame(function () { setTimeout(function () { performance.mark("ringside-first-figure"); }); });
      }
    }
  }

  function drawAll() {
    plots.forEach(draw);
  }

  function base64Bytes(text) {
    if (Uint8Array.fromBase64) {
      return Uint8Array.fromBase64(text);
    }
    var binary = atob(text);
    var bytes = new Uint8Array(binary.length);
    for (var i = 0; i < binary.length; i++) {
      bytes[i] = binary.charCodeAt(i);
    }
    return bytes;
  }

  function inflate(id) {
    var bytes = base64Bytes(document.getElementById(id).textContent);
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  function run(source) {
    var script = document.createElement("script");
    script.textContent = source;
    document.head.appendChild(script);
  }

  // Ends each frame after one figure, so that the first is seen while the others are drawn.
  function drawRest(from, done) {
    for (var i = from; i < plots.length; i++) {
      if (!plots[i].drawn && isShown(plots[i].div)) {
        draw(plots[i]);
        setTimeout(drawRest, 0, i + 1, done);
        return;
      }
    }
    done();
  }

  function start() {
    if (typeof DecompressionStream === "undefined") {
      explain("This browser is too old to draw the charts; the tables below them are complete.");
      return;
    }
    var loadData;
    api.data = new Promise(function (resolve) { loadData = resolve; }).then(function () {
      return inflate("ringside-data");
    }).then(JSON.parse);
    if (!document.getElementById("ringside-plotly")) {
      loadData();
      root.setAttribute("data-plots", "0");
      return;
    }
    // The figures' own scripts call Plotly.newPlot, which only notes them until the library is there. The first figure comes
    // by itself: what the others need takes longer to unpack than it.
    Promise.all([inflate("ringside-first"), inflate("ringside-plotly")]).then(function (sources) {
      run(sources[0]);
      run(sources[1]);
      library = true;
      config.modeBarButtonsToAdd = [
        imageButton("svg", window.Plotly.Icons.camera), imageButton("png", window.Plotly.Icons.disk)
      ];
      return new Promise(function (resolve) { drawRest(0, function () { setTimeout(resolve, 20); }); });
    }).then(function () {
      return inflate("ringside-plots");
    }).then(function (source) {
      note(source);
      drawRest(0, function () {
        loadData();
        // Sections with scripts of their own draw now; only then a printer may take the page.
        api.data.then(function () {
          document.dispatchEvent(new CustomEvent("ringside:drawn"));
          root.setAttribute("data-plots", String(plots.filter(function (plot) { return plot.drawn; }).length));
        });
      });
    }).catch(function (problem) {
      loadData();
      explain("The charts could not be drawn (" + problem.message + "); the tables below them are complete.");
      throw problem;
    });
  }

  // Notes more figures while the library is there already.
  function note(source) {
    var drawing = window.Plotly;
    window.Plotly = notes;
    run(source);
    window.Plotly = drawing;
  }

  // Takes other figures and data in; their places must be in the page already.
  function replace(data, packedFirst, packedPlots) {
    document.getElementById("ringside-data").textContent = data;
    document.getElementById("ringside-first").textContent = packedFirst;
    document.getElementById("ringside-plots").textContent = packedPlots;
    api.data = inflate("ringside-data").then(JSON.parse);
    return Promise.all([inflate("ringside-first"), inflate("ringside-plots")]).then(function (sources) {
      plots.length = 0;
      api.layouts = {};
      sources.forEach(note);
      return new Promise(function (resolve) { drawRest(0, resolve); });
    });
  }

  function explain(text) {
    document.querySelectorAll(".plot > div").forEach(function (div) {
      div.textContent = text;
      div.className = "plot-wait";
    });
  }

  function setTheme(theme) {
    root.setAttribute("data-theme", theme);
    var button = document.getElementById("theme");
    button.textContent = theme === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", "Switch to the " + (theme === "dark" ? "light" : "dark") + " theme");
    drawAll();
    document.dispatchEvent(new CustomEvent("ringside:themed"));
  }

  function plain(name) {
    return String(name).replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  }

  function toggle(button) {
    var on = button.getAttribute("aria-pressed") !== "true";
    var section = button.closest("section");
    button.setAttribute("aria-pressed", String(on));
    plots.forEach(function (plot) {
      if (section.contains(plot.div)) {
        plot.data.forEach(function (trace) {
          if (plain(trace.name) === button.dataset.name) {
            trace.visible = on;
          }
        });
        draw(plot);
      }
    });
  }

  function csvField(value) {
    var text = String(value);
    // A leading = + - @ in text would be a formula in a spreadsheet.
    if (typeof value !== "number" && /^[=+\-@\t\r]/.test(text)) {
      text = "'" + text;
    }
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function save(name, type, text) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  function csv(head, rows) {
    return [head].concat(rows).map(function (row) {
      return row.map(csvField).join(",");
    }).join("\r\n") + "\r\n";
  }

  function saveCsv(name, head, rows) {
    save(name + ".csv", "text/csv", csv(head, rows));
  }

  function download(name) {
    api.data.then(function (data) {
      saveCsv(name, data.tables[name].head, data.tables[name].rows);
    });
  }

  function selectText(element) {
    var range = document.createRange();
    range.selectNodeContents(element);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function copy(button) {
    var text = button.parentNode.querySelector("pre");
    selectText(text);
    // The clipboard interface is missing on pages opened from a file in some browsers; the old way works there.
    var done = document.execCommand("copy");
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(function () { button.textContent = "Copy"; }, 2000);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) {
      return;
    }
    if (button.id === "theme") {
      setTheme(root.getAttribute("data-theme") === "dark" ? "light" : "dark");
    } else if (button.dataset.name !== undefined) {
      toggle(button);
    } else if (button.dataset.table !== undefined) {
      download(button.dataset.table);
    } else if (button.classList.contains("copy")) {
      copy(button);
    }
  });
  document.addEventListener("toggle", function () {
    plots.filter(function (plot) { return !plot.drawn; }).forEach(draw);
  }, true);
  dark.addEventListener("change", function () { setTheme(dark.matches ? "dark" : "light"); });
  // Paper is light and narrower than a screen; figures are drawn for it, and again for the screen afterwards.
  window.addEventListener("beforeprint", function () {
    printing = root.getAttribute("data-theme");
    root.setAttribute("data-print", "");
    setTheme("light");
  });
  window.addEventListener("afterprint", function () {
    root.removeAttribute("data-print");
    setTheme(printing);
  });
  setTheme(dark.matches ? "dark" : "light");

  // The rest is for scripts of single sections.
  var api = { layouts: {}, start: start, replace: replace, render: render, colour: colour, saveCsv: saveCsv };
  return api;
})();
