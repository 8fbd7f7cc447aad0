// Explore, the figures of a view.
ringside.explore.figures = (function () {
  var numbers = ringside.explore.data;
  var parts = ringside.explore.parts;
  var lines = ringside.explore.lines;
  var heat = ringside.explore.heat;

  // One figure for each combination of the axes that have no place in it.
  function panels(of, state, points, metric) {
    if (state.view === "parallel") { return [ringside.explore.parallel.figure(of, state, points, metric)]; }
    var scale = parts.scaleOf(points, metric, state);
    var range = state.view === "heat" ? heat.colourRange(points, scale) : [];
    var axes = numbers.rest(of, state, [state.x, state.series]);
    var facet = numbers.axis(of, state.panels);
    axes.sort(function (a, b) { return (b === facet) - (a === facet); });
    return numbers.groups(points, axes).map(function (group) {
      var figure = state.view === "heat" ? heat.figure(of, state, group.points, scale, metric, range)
          : lines.figure(of, state, group.points, scale, metric);
      figure.title = numbers.name(axes, group.at);
      figure.points = group.points;
      return figure;
    });
  }

  // The configuration behind a mark that was clicked.
  function clicked(figure, mark) {
    if (figure.grid) {
      var point = (figure.grid[mark.y] || [])[mark.x];
      return point ? point.cell.key : null;
    }
    return mark.id || null;
  }

  return { panels: panels, clicked: clicked };
})();
