package ringside.harness.spi;

import java.nio.file.Path;
import ringside.harness.results.RunFolder;

/** Renders a report of a results folder. Found with {@link java.util.ServiceLoader}; implemented by reports. */
public interface ReportRenderer {
    /** Writes one self-contained HTML file, replacing an older one atomically, and returns its path. */
    Path render(RunFolder folder, Path htmlFile);
}
