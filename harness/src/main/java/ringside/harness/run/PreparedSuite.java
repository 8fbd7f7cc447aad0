package ringside.harness.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ringside.emulator.machine.DiskSpec;
import ringside.emulator.machine.MachineSpec;
import ringside.harness.HarnessException;
import ringside.harness.suite.Option;
import ringside.harness.sweep.Cell;
import ringside.harness.sweep.Cells;
import ringside.workloads.job.Extent;
import ringside.workloads.job.JobSpec;
import ringside.workloads.job.JobWarning;

/**
 * A suite that was checked down to every cell's machine and jobs, before anything runs.
 *
 * @param request what was asked for, with the image that the job file names filled in
 * @param cells cells by id, in order
 * @param modifies whether some job writes
 * @param skipped why cells are left out on this host, by id
 * @param scratchImages number of scratch images needed in the results folder, 0 when images are given or no cell needs one
 * @param imageFolders other folders where cells want a scratch image, with the number of images
 * @param scratchBytes size of each
 * @param plannedNs planned time of all cells once, without the start of the JVMs
 * @param overheadNs what a run takes beyond that, as far as known
 * @param warnings what to say about the job file
 */
public record PreparedSuite(
        RunRequest request,
        Map<String, Cell> cells,
        boolean modifies,
        Map<String, String> skipped,
        int scratchImages,
        Map<String, Integer> imageFolders,
        long scratchBytes,
        long plannedNs,
        long overheadNs,
        List<String> warnings) {
    /** Size of a scratch image where the jobs need no larger one. */
    static final long SCRATCH_BYTES = 256L << 20;

    /** Start of a JVM, building the machine, writing the result: measured on a 2-core host. */
    private static final long OVERHEAD_NS = 1_200_000_000L;

    /**
     * Checks everything that can be checked without running.
     *
     * @throws HarnessException in one line
     */
    public static PreparedSuite of(RunRequest asked) {
        return new Preparation(asked).prepare();
    }

    /** Estimated wall time of a number of runs. */
    public long estimateNs(int runs) {
        return runs * (plannedNs / cells.size() + overheadNs);
    }

    /** With estimates that know what earlier runs took. */
    public PreparedSuite knowing(PastRuns past) {
        return new PreparedSuite(
                request,
                cells,
                modifies,
                skipped,
                scratchImages,
                imageFolders,
                scratchBytes,
                plannedNs,
                past.overheadNs(),
                warnings);
    }

    /** Whether a cell opens images. */
    boolean usesImage(Cell cell) {
        return TargetRules.usesImage(cell.options(), request.suite().servers());
    }

    /** One line per kind of scratch image, for people. */
    public List<String> scratchLines() {
        Set<String> lines = new LinkedHashSet<>();
        for (Cell cell : runnable()) {
            String folder = cell.option(Option.IMAGE_DIR);
            int count = folder.isEmpty() ? scratchImages : imageFolders.getOrDefault(folder, 0);
            if (usesImage(cell) && count > 0) {
                ImageRecipe recipe = ImageRecipe.of(cell.options(), scratchBytes);
                lines.add("scratch image" + (folder.isEmpty() ? "" : " in " + folder) + ": " + count + " x "
                        + recipe.describe());
            }
        }
        return List.copyOf(lines);
    }

    /** Cells that this host can run. */
    public List<Cell> runnable() {
        return cells.values().stream()
                .filter(cell -> !skipped.containsKey(cell.id()))
                .toList();
    }

    private static final class Preparation {
        private final List<Cell> cells;
        private final List<JobSource.Jobs> jobs = new ArrayList<>();
        private final RunRequest request;

        Preparation(RunRequest asked) {
            cells = Cells.of(asked.suite());
            for (Cell cell : cells) {
                jobs.add(JobSource.of(cell.options(), asked.suite().jobFile(), asked.strict()));
            }
            request = withImages(asked);
        }

        PreparedSuite prepare() {
            boolean anyRaw = false;
            boolean modifies = false;
            boolean modifiesGiven = false;
            int disks = 1;
            for (int i = 0; i < cells.size(); i++) {
                TargetRules.check(cells.get(i), jobs.get(i), request.suite().servers());
                if (usesImage(cells.get(i))) {
                    ImageRules.checkAxes(request, cells.get(i));
                    ImageRules.checkRecipe(cells.get(i), scratchBytes());
                    boolean inFolder = !cells.get(i).option(Option.IMAGE_DIR).isEmpty();
                    anyRaw |= !inFolder;
                    modifies |= jobs.get(i).modifies();
                    modifiesGiven |= jobs.get(i).modifies() && !inFolder;
                    disks = Math.max(disks, Integer.parseInt(cells.get(i).option(Option.DISKS)));
                }
            }
            if (modifiesGiven && !request.images().isEmpty()) {
                ImageRules.checkWrites(request, disks);
            }
            int each = modifies ? disks : 1;
            int scratch = !anyRaw || !request.images().isEmpty() ? 0 : each;
            checkMachines(modifies);
            Map<String, String> skipped = skipped();
            return new PreparedSuite(
                    request,
                    byId(),
                    modifies,
                    skipped,
                    scratch,
                    imageFolders(skipped, each),
                    scratchBytes(),
                    plannedNs(),
                    OVERHEAD_NS,
                    warnings(skipped));
        }

        private boolean usesImage(Cell cell) {
            return TargetRules.usesImage(cell.options(), request.suite().servers());
        }

        private Map<String, String> skipped() {
            Map<String, String> skipped = new LinkedHashMap<>();
            for (Cell cell : cells) {
                TargetRules.unavailable(cell, request.suite().servers())
                        .ifPresent(reason -> skipped.put(cell.id(), reason));
            }
            return skipped;
        }

        private Map<String, Integer> imageFolders(Map<String, String> skipped, int each) {
            Map<String, Integer> folders = new LinkedHashMap<>();
            for (Cell cell : cells) {
                String folder = cell.option(Option.IMAGE_DIR);
                if (!folder.isEmpty() && usesImage(cell) && !skipped.containsKey(cell.id())) {
                    folders.put(folder, each);
                }
            }
            return folders;
        }

        /** Images of the command line, else of the suite, else of the job file. */
        private RunRequest withImages(RunRequest asked) {
            List<Path> images = asked.images();
            if (images.isEmpty()) {
                images = cells.stream()
                        .map(cell -> cell.option(Option.IMAGE))
                        .filter(image -> !image.isEmpty())
                        .distinct()
                        .map(Path::of)
                        .toList();
            }
            if (images.isEmpty()) {
                images = jobs.stream()
                        .flatMap(cell -> cell.jobs().stream())
                        .map(JobSpec::filename)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .map(Path::of)
                        .toList();
            }
            return new RunRequest(
                    asked.reference(),
                    asked.suite(),
                    images.stream().map(Path::toAbsolutePath).toList(),
                    asked.allowWrites().stream().map(Path::toAbsolutePath).toList(),
                    asked.strict(),
                    asked.commandLine());
        }

        /** Builds every specification, and opens every image once as a machine would. */
        private void checkMachines(boolean modifies) {
            ImageRules.checkAllowed(request);
            Set<DiskSpec> seen = new LinkedHashSet<>();
            for (int i = 0; i < cells.size(); i++) {
                if (cells.get(i).option(Option.TARGET).equals("fio")) {
                    continue;
                }
                boolean image = usesImage(cells.get(i));
                boolean scratch = request.images().isEmpty()
                        || !cells.get(i).option(Option.IMAGE_DIR).isEmpty();
                boolean known = !image || !scratch;
                List<String> images = image && known
                        ? request.images().stream().map(Path::toString).toList()
                        : List.of("scratch");
                MachineSpec spec = MachineFactory.spec(cells.get(i).options(), jobs.get(i), images, modifies);
                MachineRules.check(spec, jobs.get(i));
                if (known && image) {
                    spec.disks().stream().filter(seen::add).forEach(ImageRules::checkOpens);
                }
            }
        }

        private Map<String, Cell> byId() {
            Map<String, Cell> byId = new LinkedHashMap<>();
            cells.forEach(cell -> byId.put(cell.id(), cell));
            return byId;
        }

        private long scratchBytes() {
            long bytes = SCRATCH_BYTES;
            for (JobSource.Jobs cell : jobs) {
                for (JobSpec job : cell.jobs()) {
                    bytes = Math.max(
                            bytes,
                            absolute(job.region().offset())
                                    + absolute(job.region().size()));
                }
            }
            return (bytes + 4095) / 4096 * 4096;
        }

        private static long absolute(Extent extent) {
            return extent.percent() ? 0 : extent.value();
        }

        private long plannedNs() {
            return jobs.stream().mapToLong(JobSource.Jobs::plannedNs).sum();
        }

        private List<String> warnings(Map<String, String> skipped) {
            Set<String> texts = new LinkedHashSet<>();
            jobs.forEach(
                    cell -> cell.warnings().stream().map(JobWarning::message).forEach(texts::add));
            texts.addAll(TargetRules.notes(skipped));
            return List.copyOf(texts);
        }
    }
}
