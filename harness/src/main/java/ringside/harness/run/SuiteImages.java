package ringside.harness.run;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ringside.harness.results.PlannedRun;
import ringside.harness.suite.Option;
import ringside.harness.sweep.Cell;

/** The images of a suite's runs: those of the user, and scratch images wherever cells want them. */
final class SuiteImages implements AutoCloseable {
    private final List<String> given;
    private final Map<String, ScratchImages> scratch = new HashMap<>();
    private final Map<String, Boolean> direct = new HashMap<>();

    private SuiteImages(List<String> given) {
        this.given = given;
    }

    /** Makes what the remaining runs need. */
    static SuiteImages make(Path results, PreparedSuite suite, List<PlannedRun> remaining, SuiteProgress progress) {
        SuiteImages images = new SuiteImages(
                suite.request().images().stream().map(Path::toString).toList());
        try {
            for (PlannedRun run : remaining) {
                Cell cell = suite.cells().get(run.cell());
                if (suite.usesImage(cell) && !suite.skipped().containsKey(cell.id())) {
                    images.make(results, suite, cell.option(Option.IMAGE_DIR), progress);
                }
            }
            return images;
        } catch (RuntimeException e) {
            images.close();
            throw e;
        }
    }

    private void make(Path results, PreparedSuite suite, String folder, SuiteProgress progress) {
        if (scratch.containsKey(folder) || (folder.isEmpty() && suite.scratchImages() == 0)) {
            return;
        }
        ScratchImages made = folder.isEmpty()
                ? ScratchImages.create(results, suite.scratchImages(), suite.scratchBytes())
                : ScratchImages.createIn(
                        Path.of(folder), suite.imageFolders().getOrDefault(folder, 1), suite.scratchBytes());
        scratch.put(folder, made);
        boolean takesDirect = made.directIo();
        direct.put(folder, takesDirect);
        if (!takesDirect) {
            progress.note("the file system of " + (folder.isEmpty() ? results : folder)
                    + " does not take O_DIRECT: cells with cache=none run with cache=writeback, through the host's"
                    + " page cache; choose another folder with "
                    + (folder.isEmpty() ? "--out" : "--set image-dir=DIR") + " for the disk itself");
        }
    }

    /** Images of a cell that uses some. */
    List<String> files(Cell cell) {
        ScratchImages own = scratch.get(cell.option(Option.IMAGE_DIR));
        return own == null ? given : own.files();
    }

    /** Whether they can be opened with O_DIRECT; of the user's images that was checked before. */
    boolean direct(Cell cell) {
        return direct.getOrDefault(cell.option(Option.IMAGE_DIR), true);
    }

    @Override
    public void close() {
        scratch.values().forEach(ScratchImages::close);
    }
}
