package ringside.harness.spi;

import java.nio.file.Path;
import ringside.harness.HarnessException;

/** Compares folders when a reader asks for it. Called from several threads. */
public interface PairSource {
    /**
     * Two results folders, B against A.
     *
     * @throws HarnessException in one line if they cannot be compared
     */
    ReportSubject.Pair pair(Path a, Path b);

    /**
     * The two sides of a folder of {@code ringside ab}.
     *
     * @throws HarnessException in one line if there is nothing to compare yet
     */
    ReportSubject.Pair pairs(Path folder);
}
