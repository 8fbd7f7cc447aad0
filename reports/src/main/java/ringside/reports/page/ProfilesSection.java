package ringside.reports.page;

import java.nio.file.Path;
import java.util.List;
import ringside.harness.results.ResultStore;
import ringside.reports.model.ReportModel;

/** Links to the flame graphs that lie beside the report. */
final class ProfilesSection {
    private ProfilesSection() {}

    static void write(Html html, ReportModel model) {
        List<Path> profiles = ResultStore.profiles(model.folder().directory());
        if (profiles.isEmpty()) {
            return;
        }
        html.raw("<section id=\"profiles\">\n");
        html.element("h2", "", "Profiles");
        html.paragraph("CPU time of one more run per configuration, as flame graphs beside this file. "
                + "Figures of these runs are not in the report.");
        html.raw("<ul>\n");
        for (Path profile : profiles) {
            String name = profile.getFileName().toString();
            html.raw("<li><a href=\"profiles/" + Escape.html(name) + "\">"
                    + Escape.html(name.replaceFirst("\\.html$", "")) + "</a></li>\n");
        }
        html.raw("</ul>\n</section>\n");
    }
}
