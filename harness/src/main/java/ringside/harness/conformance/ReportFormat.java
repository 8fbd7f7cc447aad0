package ringside.harness.conformance;

import java.util.Locale;
import ringside.harness.HarnessException;
import ringside.workloads.conformance.ConformanceReport;

/** How a report is written. */
public enum ReportFormat {
    /** A table for people. */
    TEXT,
    /** All results, for programs. */
    JSON,
    /** A table for a page. */
    MARKDOWN,
    /** JUnit's XML, for build servers. */
    JUNIT;

    /**
     * The format with a name.
     *
     * @throws HarnessException naming the known ones
     */
    public static ReportFormat of(String name) {
        for (ReportFormat format : values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        throw HarnessException.badInput("unknown format '" + name + "': use text, json, markdown or junit");
    }

    /** The whole report. */
    public String render(ConformanceReport report) {
        return switch (this) {
            case TEXT -> TableReport.text(report);
            case JSON -> MachineReport.json(report);
            case MARKDOWN -> TableReport.markdown(report);
            case JUNIT -> MachineReport.junit(report);
        };
    }
}
