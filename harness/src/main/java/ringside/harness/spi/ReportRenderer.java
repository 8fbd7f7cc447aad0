package ringside.harness.spi;

import java.nio.file.Path;
import java.util.List;
import ringside.harness.HarnessException;
import ringside.harness.results.RunFolder;

/** Renders reports. Found with {@link java.util.ServiceLoader}; implemented by reports. */
public interface ReportRenderer {
    /** Writes the page of one results folder, replacing an older one atomically, and returns its path. */
    default Path render(RunFolder folder, Path htmlFile) {
        return render(new ReportSubject.Results(folder), ReportFormat.HTML, htmlFile);
    }

    /**
     * Writes one self-contained file, replacing an older one atomically, and returns its path.
     *
     * @throws HarnessException in one line if the subject cannot be read, or Chromium is needed and not there
     */
    Path render(ReportSubject subject, ReportFormat format, Path file);

    /**
     * Writes each figure of the page into a folder, as PNG and SVG on white; those that are there are replaced.
     *
     * @return the files
     * @throws HarnessException in one line if Chromium is not there
     */
    List<Path> figures(ReportSubject subject, Path folder);

    /**
     * Serves a results folder, a folder of {@code ringside ab}, or a folder that holds such folders, on the loopback
     * address. Pages follow the folder: a run that finishes appears in them.
     *
     * @param port 0 for any that is free
     * @throws HarnessException in one line if the port is taken
     */
    ReportServer serve(Path folder, int port, PairSource pairs);
}
