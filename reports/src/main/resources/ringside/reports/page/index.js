// The index over a folder of results folders: finding, and choosing two to compare. Elements are looked up anew each time,
// because a page that follows its folder replaces them.
(function () {
  var chosen = { a: "", b: "" };
  var words = "";

  function byId(id) {
    return document.getElementById(id);
  }

  function quoted(word) {
    return /^[A-Za-z0-9_.\/:=,@%+-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";
  }

  function choose() {
    var link = byId("compare-link");
    byId("compare-command").textContent = "ringside report " + (chosen.b ? quoted(chosen.b) : "B") + " --against "
      + (chosen.a ? quoted(chosen.a) : "A");
    if (link) {
      link.hidden = !chosen.a || !chosen.b || chosen.a === chosen.b;
      link.href = "compare?a=" + encodeURIComponent(chosen.a) + "&b=" + encodeURIComponent(chosen.b);
    }
  }

  function find() {
    var wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    document.querySelectorAll(".folder").forEach(function (folder) {
      var text = folder.textContent.toLowerCase();
      folder.hidden = !wanted.every(function (word) { return text.indexOf(word) >= 0; });
      shown += folder.hidden ? 0 : 1;
    });
    document.querySelectorAll(".suite").forEach(function (suite) {
      suite.hidden = !suite.querySelector(".folder:not([hidden])");
    });
    byId("found").textContent = wanted.length ? shown + (shown === 1 ? " folder" : " folders") : "";
  }

  function again() {
    byId("filter").value = words;
    document.querySelectorAll('.choose input[type="radio"]').forEach(function (input) {
      input.checked = chosen[input.name] === input.value;
    });
    choose();
    find();
  }

  document.addEventListener("change", function (event) {
    if (event.target.type === "radio") {
      chosen[event.target.name] = event.target.value;
      choose();
    }
  });
  document.addEventListener("input", function (event) {
    if (event.target.id === "filter") {
      words = event.target.value;
      find();
    }
  });
  document.addEventListener("ringside:updated", again);
  again();
})();
