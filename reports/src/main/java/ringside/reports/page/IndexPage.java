package ringside.reports.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ringside.harness.results.RunResult;
import ringside.reports.chart.DataTable;
import ringside.reports.chart.ScriptJson;
import ringside.reports.model.IndexEntry;
import ringside.reports.model.IndexModel;

/** The index over a folder of results folders. It has no figures, so it is a small file. */
public final class IndexPage implements Paper {
    private static final int REVISION = 12;

    private final IndexModel model;
    private final boolean served;

    /**
     * A page.
     *
     * @param served whether every folder has its report below {@code NAME/}, made when it is asked for
     */
    public IndexPage(IndexModel model, boolean served) {
        this.model = model;
        this.served = served;
    }

    @Override
    public String html() {
        List<PageFrame.Link> links = new ArrayList<>();
        links.add(new PageFrame.Link("compare", "Compare two"));
        Map<String, List<IndexEntry>> suites = model.bySuite();
        int index = 0;
        for (String suite : suites.keySet()) {
            links.add(new PageFrame.Link("suite-" + index++, suiteName(suite)));
        }
        PageFrame frame = new PageFrame("Results in " + name(), subtitle(), links, "");
        Html html = new Html();
        frame.begin(html);
        tools(html);
        index = 0;
        for (Map.Entry<String, List<IndexEntry>> suite : suites.entrySet()) {
            suite(html, "suite-" + index++, suiteName(suite.getKey()), suite.getValue());
        }
        frame.end(html, List.of(), List.of(), embedded(), "index.js");
        return html.toString();
    }

    private String name() {
        return model.folder().toAbsolutePath().normalize().getFileName().toString();
    }

    private static String suiteName(String suite) {
        return suite.isEmpty() ? "Folders that cannot be read" : "Suite " + suite;
    }

    private String subtitle() {
        int runs = model.entries().stream().mapToInt(IndexEntry::done).sum();
        return "Ringside · %d folders · %d runs".formatted(model.entries().size(), runs);
    }

    private void tools(Html html) {
        html.raw("<section id=\"compare\">\n");
        html.element("h2", "", "Find and compare");
        html.raw(
                "<p><label for=\"filter\">Show folders with </label><input type=\"search\" id=\"filter\" autocomplete=\"off\">"
                        + " <span id=\"found\" role=\"status\"></span></p>\n");
        html.paragraph("Choose A, what is compared with, and B, what is judged; run the command in this folder.");
        html.raw("<div class=\"copyable\"><pre id=\"compare-command\" tabindex=\"0\">");
        html.raw("ringside report B --against A</pre><button type=\"button\" class=\"copy\">Copy</button></div>\n");
        if (served) {
            html.raw("<p><a id=\"compare-link\" hidden href=\"#\">Show B against A</a></p>\n");
        }
        if (!model.pages().isEmpty()) {
            html.raw("<p>Also in this folder: ");
            html.raw(String.join(
                    ", ", model.pages().stream().map(page -> link(page, page)).toList()));
            html.raw("</p>\n");
        }
        html.raw("</section>\n");
    }

    private void suite(Html html, String id, String title, List<IndexEntry> entries) {
        html.raw("<section id=\"" + id + "\" class=\"suite\">\n");
        html.element("h2", "", title);
        entries.stream()
                .map(IndexEntry::title)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .ifPresent(html::paragraph);
        html.raw("<ul class=\"folders\">\n");
        entries.forEach(entry -> entry(html, entry));
        html.raw("</ul>\n</section>\n");
    }

    private void entry(Html html, IndexEntry entry) {
        html.raw("<li class=\"folder " + look(entry) + "\" data-folder=\"" + Escape.html(entry.name()) + "\">\n<div>");
        html.raw("<strong>" + title(entry) + "</strong>");
        html.raw(others(entry));
        html.raw("</div>\n");
        html.element("p", "class=\"said\"", PairPage.shortened(entry.sentence()));
        html.element("p", "class=\"sub\"", facts(entry));
        if (entry.kind() == IndexEntry.Kind.RESULTS) {
            html.raw("<p class=\"choose\">" + choice(entry, "a", "A") + choice(entry, "b", "B") + "</p>\n");
        }
        html.raw("</li>\n");
    }

    private static String look(IndexEntry entry) {
        return switch (entry.verdict()) {
            case FASTER -> "faster";
            case SLOWER -> "slower";
            case NO_DIFFERENCE_SHOWN, TOO_FEW_RUNS -> "undecided";
        };
    }

    private String title(IndexEntry entry) {
        if (served && entry.kind() != IndexEntry.Kind.UNREADABLE) {
            return link(entry.name() + "/", entry.name());
        }
        return entry.pages().contains("report.html")
                ? link(entry.name() + "/report.html", entry.name())
                : Escape.html(entry.name());
    }

    /** Other pages in the folder, or the command that makes the report that is missing. */
    private String others(IndexEntry entry) {
        List<String> links = entry.pages().stream()
                .filter(page -> !page.equals("report.html"))
                .map(page -> link(entry.name() + "/" + page, page))
                .toList();
        String more = links.isEmpty() ? "" : " · " + String.join(" · ", links);
        boolean missing = !served
                && entry.kind() != IndexEntry.Kind.UNREADABLE
                && !entry.pages().contains("report.html");
        return more
                + (missing ? " · no report yet: <code>ringside report " + Escape.html(entry.name()) + "</code>" : "");
    }

    private static String link(String path, String label) {
        String address = String.join(
                "/",
                List.of(path.split("/", -1)).stream().map(IndexPage::encoded).toList());
        return "<a href=\"" + Escape.html(address) + "\">" + Escape.html(label) + "</a>";
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String choice(IndexEntry entry, String group, String label) {
        return "<label><input type=\"radio\" name=\"" + group + "\" value=\"" + Escape.html(entry.name())
                + "\" aria-label=\"" + label + ": " + Escape.html(entry.name()) + "\"> " + label + "</label>";
    }

    private static String facts(IndexEntry entry) {
        if (entry.kind() == IndexEntry.Kind.UNREADABLE) {
            return "not readable";
        }
        List<String> facts = new ArrayList<>();
        facts.add(entry.kind() == IndexEntry.Kind.PAIRS ? "pairs of ringside ab" : "results");
        if (!entry.startedAt().isEmpty()) {
            facts.add("started " + entry.startedAt().replaceAll("\\.\\d+", ""));
            facts.add("revision " + shortRevision(entry.revision()));
            facts.add(entry.host());
        }
        facts.add(entry.done() + " of " + entry.planned() + " runs");
        if (entry.bad() > 0) {
            facts.add(entry.bad() + " failed or invalid");
        }
        if (entry.disturbed() > 0) {
            facts.add(entry.disturbed() + " disturbed");
        }
        return String.join(" · ", facts);
    }

    private static String shortRevision(String revision) {
        return revision.matches("[0-9a-f]{40}.*") ? revision.substring(0, REVISION) + revision.substring(40) : revision;
    }

    private String embedded() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("schemaVersion", RunResult.SCHEMA_VERSION);
        root.put("kind", "index");
        root.put("entries", model.entries());
        return ScriptJson.write(root);
    }

    @Override
    public String markdown() {
        Markdown text = new Markdown().heading(1, "Results in " + name()).paragraph(subtitle());
        model.bySuite().forEach((suite, entries) -> {
            List<List<Object>> rows = new ArrayList<>();
            entries.forEach(entry -> rows.add(List.of(entry.name(), entry.sentence(), facts(entry))));
            text.heading(2, suiteName(suite)).table(List.of("folder", "verdict", "facts"), rows);
        });
        return text.toString();
    }

    @Override
    public DataTable numbers() {
        List<List<Object>> rows = new ArrayList<>();
        for (IndexEntry entry : model.entries()) {
            rows.add(List.of(
                    entry.name(),
                    entry.kind().name().toLowerCase(Locale.ROOT),
                    entry.suite(),
                    entry.startedAt(),
                    entry.revision(),
                    entry.host(),
                    entry.done(),
                    entry.planned(),
                    entry.bad(),
                    entry.disturbed(),
                    entry.verdict().label(),
                    entry.sentence()));
        }
        return new DataTable(
                "index",
                "every folder",
                List.of(
                        "folder",
                        "kind",
                        "suite",
                        "started",
                        "revision",
                        "host",
                        "finished runs",
                        "planned runs",
                        "bad runs",
                        "disturbed runs",
                        "verdict",
                        "sentence"),
                rows);
    }
}
