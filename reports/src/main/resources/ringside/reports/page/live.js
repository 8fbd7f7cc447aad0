// Follows the folder that the page was made from, through the server that sent it. A reader's place is kept: what is
// open stays open, hidden series stay hidden, and the page does not jump.
(function () {
  var status = document.createElement("span");
  status.id = "live";
  status.setAttribute("role", "status");
  document.querySelector("header.top").insertBefore(status, document.getElementById("theme"));
  var shown = ringsideVersion;
  var wanted = "";
  var busy = false;

  function say(text) {
    status.textContent = text;
  }

  // Sections and their parts have no names of their own: the section's id and the place in it will do. A section whose
  // parts a script makes restores itself.
  function keyed(selector) {
    var found = {};
    document.querySelectorAll("main section:not([data-own])").forEach(function (section) {
      section.querySelectorAll(selector).forEach(function (element, i) {
        found[section.id + " " + i] = element;
      });
    });
    return found;
  }

  function states(selector, read) {
    var found = keyed(selector);
    return Object.keys(found).map(function (key) { return { key: key, value: read(found[key]) }; });
  }

  function restore(selector, saved, write) {
    var found = keyed(selector);
    saved.forEach(function (state) {
      if (found[state.key]) { write(found[state.key], state.value); }
    });
  }

  var FOCUSABLE = "a[href], button, summary, input, select, [tabindex]";

  function focused() {
    var found = keyed(FOCUSABLE);
    return Object.keys(found).filter(function (key) { return found[key] === document.activeElement; })[0];
  }

  function apply(parts) {
    var open = states("details", function (element) { return element.open; });
    var on = states(".legend button", function (element) { return element.getAttribute("aria-pressed"); });
    var focus = focused();
    var top = window.scrollY;
    document.querySelector("header.top div").innerHTML = parts.title;
    document.querySelector("nav").innerHTML = parts.nav;
    document.getElementById("main").innerHTML = parts.main;
    restore("details", open, function (element, value) { element.open = value; });
    return ringside.replace(parts.data, parts.first, parts.plots).then(function () {
      restore(".legend button", on, function (element, value) {
        if (element.getAttribute("aria-pressed") !== value) { element.click(); }
      });
      if (focus && keyed(FOCUSABLE)[focus]) { keyed(FOCUSABLE)[focus].focus({ preventScroll: true }); }
      window.scrollTo({ top: top, behavior: "instant" });
      document.dispatchEvent(new CustomEvent("ringside:updated"));
      return parts.version;
    });
  }

  function update() {
    if (busy || wanted === shown || document.hidden) { return; }
    busy = true;
    fetch("content").then(function (answer) {
      if (!answer.ok) {
        return answer.text().then(function (text) { throw new Error(text.trim()); });
      }
      return answer.json();
    }).then(apply).then(function (version) {
      shown = version;
      busy = false;
      document.documentElement.setAttribute("data-version", version);
      say("Live, updated " + new Date().toLocaleTimeString());
      if (wanted !== shown) { setTimeout(update, 1000); }
    }).catch(function (problem) {
      busy = false;
      say("Not updated: " + problem.message);
    });
  }

  var events = new EventSource("events");
  events.onmessage = function (message) {
    wanted = message.data;
    if (wanted === shown) { say("Live"); }
    update();
  };
  events.onerror = function () { say("The server is gone; this is the last it said."); };
  document.addEventListener("visibilitychange", update);
})();
