package ringside.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.trend.TrendChange;
import ringside.harness.trend.TrendPoint;
import ringside.reports.model.TrendModel;

/** A horizontal axis with the points of a history at equal distances, a few of them named by revision and day. */
final class HistoryAxis {
    /** A name at the very end would not have room. */
    private static final double LAST_NAME = 0.94;

    private static final int DAY_FROM = 0;
    private static final int DAY_TO = 10;
    private static final int REVISION = 7;

    private HistoryAxis() {}

    /** The axis with at most so many names. */
    static Map<String, Object> of(List<TrendPoint> points, int names) {
        List<Integer> places = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        int last = points.size() - 1;
        int count = Math.min(names, points.size());
        for (int i = 0; i < count; i++) {
            int place = count == 1 ? last : (int) Math.round(i * LAST_NAME * last / (count - 1));
            places.add(place);
            texts.add(PlotText.escape(name(points.get(place))));
        }
        Map<String, Object> axis = new LinkedHashMap<>(ChartStyle.axis(""));
        axis.put("tickvals", places);
        axis.put(
                "ticktext",
                texts.stream().map(text -> text.replace("\n", "<br>")).toList());
        axis.put("range", List.of(-0.5 - 0.02 * last, last + 0.5 + 0.02 * last));
        axis.put("zeroline", false);
        return axis;
    }

    private static String name(TrendPoint point) {
        String revision = TrendModel.shortRevision(point);
        String day = point.startedAt().length() >= DAY_TO
                ? point.startedAt().substring(DAY_FROM, DAY_TO)
                : point.startedAt();
        return revision.substring(0, Math.min(REVISION, revision.length())) + "\n" + day;
    }

    /** Colour and symbol of what a change means. */
    static int series(TrendChange.Kind kind) {
        return switch (kind) {
            case IMPROVED -> 2;
            case REGRESSED -> 1;
            case CHANGED -> 3;
        };
    }

    /** A marker of a change: open where it is only suspected. */
    static String symbol(TrendChange change) {
        return ChartStyle.symbol(series(change.kind())) + (change.confirmed() ? "" : "-open");
    }
}
