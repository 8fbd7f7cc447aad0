package ringside.reports.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ringside.reports.model.Axis;
import ringside.reports.model.ReportModel;

/** What varied and what was constant. */
final class VariedSection {
    private VariedSection() {}

    static void write(Html html, ReportModel model) {
        html.raw("<section id=\"varied\">\n");
        html.element("h2", "", "What varied, what was constant");
        List<List<Object>> varied = new ArrayList<>();
        for (Axis axis : model.axes()) {
            if (axis.varies()) {
                varied.add(List.of(axis.name(), Html.Folded.of(String.join(", ", axis.values()))));
            }
        }
        if (varied.isEmpty()) {
            html.paragraph("Nothing varied: one configuration was run.");
        } else {
            html.table("Varied by the suite", List.of("option", "values"), varied);
        }
        List<List<Object>> followed = new ArrayList<>();
        model.alsoVaried()
                .forEach((name, values) -> followed.add(List.of(
                        name,
                        Html.Folded.of(values.stream().map(VariedSection::shown).collect(Collectors.joining(" | "))))));
        if (!followed.isEmpty()) {
            html.table("Differed as a consequence", List.of("option", "values"), followed);
        }
        List<List<Object>> constant = new ArrayList<>();
        for (Map.Entry<String, String> option : model.constants().entrySet()) {
            constant.add(List.of(option.getKey(), Html.Folded.of(shown(option.getValue()))));
        }
        html.raw("<details><summary>" + constant.size() + " options were the same in all runs</summary>\n");
        html.table("The same in all runs, defaults included", List.of("option", "value"), constant);
        html.raw("</details>\n</section>\n");
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(not set)" : value;
    }
}
