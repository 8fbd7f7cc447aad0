package ringside.reports.page;

import java.util.List;
import ringside.reports.model.Conclusion;
import ringside.reports.model.Conclusions;
import ringside.reports.model.ReportModel;

/** What follows from the results, each sentence with the rule that made it. */
final class ConclusionsSection {
    private ConclusionsSection() {}

    static void write(Html html, ReportModel model) {
        List<Conclusion> conclusions = Conclusions.of(model);
        if (conclusions.isEmpty()) {
            return;
        }
        html.raw("<section id=\"conclusions\">\n");
        html.element("h2", "", "Conclusions");
        html.element(
                "p",
                "class=\"read\"",
                "Computed from the valid runs; below each stands its rule. What no rule finds is not said.");
        html.raw("<ol class=\"conclusions\">\n");
        for (Conclusion conclusion : conclusions) {
            html.raw("<li>");
            html.element("p", "class=\"seen\"", conclusion.sentence());
            html.element("p", "class=\"read\"", "Rule: " + conclusion.rule());
            html.raw("</li>\n");
        }
        html.raw("</ol>\n</section>\n");
    }
}
