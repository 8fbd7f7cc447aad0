package ringside.harness.spi;

import java.util.Locale;

/** Forms of a report. */
public enum ReportFormat {
    /** One self-contained page. */
    HTML,
    /** Text for a pull request or a wiki: the verdict and the tables that it rests on. */
    MD,
    /** The numbers, one line per run, cell, point or folder. */
    CSV,
    /** The page on paper; needs Chromium. */
    PDF,
    /** A picture of the page; needs Chromium. */
    PNG;

    /** Of a file's name, without a dot. */
    public String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
