package ringside.reports.chart;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ringside.reports.model.Axis;
import ringside.reports.model.Cell;
import ringside.reports.model.Point;
import ringside.reports.model.ReportModel;

/**
 * The points of a report by panel and step of one axis. An axis that advances together with this one (suites: zip) makes
 * no panels: its value stands beside the step.
 */
final class AxisPanels {
    private final ReportModel model;
    private final Axis axis;
    private final Map<String, Map<String, String>> together = new LinkedHashMap<>();
    private final Map<Point, Map<String, Point>> points = new LinkedHashMap<>();

    private AxisPanels(ReportModel model, Axis axis) {
        this.model = model;
        this.axis = axis;
    }

    static AxisPanels of(ReportModel model, Axis axis) {
        AxisPanels panels = new AxisPanels(model, axis);
        Set<String> follow = panels.following();
        for (Point point : model.points()) {
            Map<String, String> rest = new LinkedHashMap<>(point.at());
            String step = rest.remove(axis.name());
            Map<String, String> beside = new LinkedHashMap<>(rest);
            beside.keySet().retainAll(follow);
            rest.keySet().removeAll(follow);
            if (axis.values().contains(step)) { // else it means nothing there
                panels.together.putIfAbsent(step, beside);
                panels.points
                        .computeIfAbsent(new Point(rest), _ -> new LinkedHashMap<>())
                        .put(step, point);
            }
        }
        return panels;
    }

    /** Other axes that have one value for each value of this one. */
    private Set<String> following() {
        Map<String, Map<String, Set<String>>> found = new LinkedHashMap<>();
        for (Point point : model.points()) {
            String step = point.at().getOrDefault(axis.name(), "");
            point.at().forEach((name, value) -> {
                if (!name.equals(axis.name())) {
                    found.computeIfAbsent(name, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(step, _ -> new LinkedHashSet<>())
                            .add(value);
                }
            });
        }
        return found.entrySet().stream()
                .filter(other -> other.getValue().values().stream().allMatch(values -> values.size() == 1))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    Axis axis() {
        return axis;
    }

    List<Point> panels() {
        return List.copyOf(points.keySet());
    }

    /** What stands below a step. */
    String label(String step) {
        Map<String, String> beside = together.getOrDefault(step, Map.of());
        return beside.isEmpty() ? step : step + " · " + Point.labelOf(beside);
    }

    /** The cell of a series; empty where the suite leaves it out. */
    Optional<Cell> cell(Point panel, String step, String series) {
        return Optional.ofNullable(points.getOrDefault(panel, Map.of()).get(step))
                .flatMap(point -> model.cell(point, series));
    }
}
