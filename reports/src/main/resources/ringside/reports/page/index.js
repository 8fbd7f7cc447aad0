// The index over a folder of results folders: finding, and choosing two to compare.
(function () {
  var command = document.getElementById("compare-command");
  var link = document.getElementById("compare-link");
  var filter = document.getElementById("filter");
  var found = document.getElementById("found");

  function chosen(name) {
    var input = document.querySelector('input[name="' + name + '"]:checked');
    return input ? input.value : "";
  }

  function quoted(word) {
    return /^[A-Za-z0-9_.\/:=,@%+-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";
  }

  function choose() {
    var a = chosen("a");
    var b = chosen("b");
    command.textContent = "ringside report " + (b ? quoted(b) : "B") + " --against " + (a ? quoted(a) : "A");
    if (link) {
      link.hidden = !a || !b || a === b;
      link.href = "compare?a=" + encodeURIComponent(a) + "&b=" + encodeURIComponent(b);
    }
  }

  function find() {
    var words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    document.querySelectorAll(".folder").forEach(function (folder) {
      var text = folder.textContent.toLowerCase();
      folder.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
      shown += folder.hidden ? 0 : 1;
    });
    document.querySelectorAll(".suite").forEach(function (suite) {
      suite.hidden = !suite.querySelector(".folder:not([hidden])");
    });
    found.textContent = words.length ? shown + (shown === 1 ? " folder" : " folders") : "";
  }

  document.addEventListener("change", function (event) {
    if (event.target.type === "radio") { choose(); }
  });
  filter.addEventListener("input", find);
  choose();
  find();
})();
