package ringside.harness.spi;

import java.nio.file.Path;
import java.util.List;
import ringside.harness.results.RunFolder;
import ringside.harness.stats.FolderComparison;
import ringside.harness.trend.Trend;

/** What a report is about. */
public sealed interface ReportSubject {
    /**
     * One results folder.
     *
     * @param folder finished or not
     * @param references published figures to draw beside its own, none unless asked for
     */
    record Results(RunFolder folder, List<Reference> references) implements ReportSubject {
        public Results {
            references = List.copyOf(references);
        }

        /** Without published figures. */
        public Results(RunFolder folder) {
            this(folder, List.of());
        }
    }

    /**
     * Two results folders of the same cells, B against A.
     *
     * @param a what is compared with
     * @param b what is judged
     * @param comparisons one per metric, at least one; the first gives the verdict
     */
    record Pair(Side a, Side b, List<FolderComparison> comparisons) implements ReportSubject {
        public Pair {
            comparisons = List.copyOf(comparisons);
        }
    }

    /**
     * One of two.
     *
     * @param label for people: a folder, or a revision with what is set
     * @param folder its results
     */
    record Side(String label, RunFolder folder) {}

    /**
     * A history of one suite.
     *
     * @param trends one per metric, at least one; the first gives the verdict
     * @param repository web address of the repository whose commits are linked, empty for none
     */
    record History(List<Trend> trends, String repository) implements ReportSubject {
        public History {
            trends = List.copyOf(trends);
        }
    }

    /**
     * All results folders directly in a folder.
     *
     * @param folder above them
     */
    record Index(Path folder) implements ReportSubject {}
}
