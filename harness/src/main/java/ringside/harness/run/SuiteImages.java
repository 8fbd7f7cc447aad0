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
    private final Map<Place, ScratchImages> scratch = new HashMap<>();
    private final Map<String, Boolean> direct = new HashMap<>();
    private final long scratchBytes;

    private SuiteImages(List<String> given, long scratchBytes) {
        this.given = given;
        this.scratchBytes = scratchBytes;
    }

    /** Makes what the remaining runs need. */
    static SuiteImages make(Path results, PreparedSuite suite, List<PlannedRun> remaining, SuiteProgress progress) {
        SuiteImages images = new SuiteImages(
                suite.request().images().stream().map(Path::toString).toList(), suite.scratchBytes());
        try {
            ScratchImages.removeLeftovers(results);
            for (PlannedRun run : remaining) {
                Cell cell = suite.cells().get(run.cell());
                if (suite.usesImage(cell) && !suite.skipped().containsKey(cell.id())) {
                    images.make(results, suite, cell, progress);
                }
            }
            return images;
        } catch (RuntimeException e) {
            images.close();
            throw e;
        }
    }

    private void make(Path results, PreparedSuite suite, Cell cell, SuiteProgress progress) {
        Place place = place(cell);
        String folder = place.folder();
        if (scratch.containsKey(place) || (folder.isEmpty() && suite.scratchImages() == 0)) {
            return;
        }
        ScratchImages made = folder.isEmpty()
                ? ScratchImages.create(results, count(), suite.scratchImages(), place.recipe())
                : ScratchImages.createIn(Path.of(folder), suite.imageFolders().getOrDefault(folder, 1), place.recipe());
        scratch.put(place, made);
        if (!direct.containsKey(folder)) {
            noteDirect(folder, results, made.directIo(), progress);
        }
    }

    private void noteDirect(String folder, Path results, boolean takesDirect, SuiteProgress progress) {
        direct.put(folder, takesDirect);
        if (!takesDirect) {
            progress.note("the file system of " + (folder.isEmpty() ? results : folder)
                    + " does not take O_DIRECT: cells with cache=none run with cache=writeback, through the host's"
                    + " page cache; choose another folder with "
                    + (folder.isEmpty() ? "--out" : "--set image-dir=DIR") + " for the disk itself");
        }
    }

    /** Images that stand in the results folder already. */
    private int count() {
        return scratch.entrySet().stream()
                .filter(entry -> entry.getKey().folder().isEmpty())
                .mapToInt(entry -> entry.getValue().files().size())
                .sum();
    }

    private Place place(Cell cell) {
        return new Place(cell.option(Option.IMAGE_DIR), ImageRecipe.of(cell.options(), scratchBytes));
    }

    /** Images of a cell that uses some. */
    List<String> files(Cell cell) {
        ScratchImages own = scratch.get(place(cell));
        return own == null ? given : own.files();
    }

    /** Before a run whose load writes: images that are to be empty are made anew. */
    void renew(Cell cell) {
        ScratchImages own = scratch.get(place(cell));
        if (own != null && !place(cell).recipe().filled()) {
            own.renew();
        }
    }

    /** Whether they can be opened with O_DIRECT; of the user's images that was checked before. */
    boolean direct(Cell cell) {
        return direct.getOrDefault(cell.option(Option.IMAGE_DIR), true);
    }

    @Override
    public void close() {
        scratch.values().forEach(ScratchImages::close);
    }

    /**
     * Where scratch images are and what they are.
     *
     * @param folder empty for the results folder
     * @param recipe what they are
     */
    private record Place(String folder, ImageRecipe recipe) {}
}
