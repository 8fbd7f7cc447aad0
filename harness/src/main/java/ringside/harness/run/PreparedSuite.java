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
 * @param scratchImages number of scratch images needed, 0 when images are given or no cell needs one
 * @param scratchBytes size of each
 * @param plannedNs planned time of all cells once, without the start of the JVMs
 * @param warnings what to say about the job file
 */
public record PreparedSuite(
        RunRequest request,
        Map<String, Cell> cells,
        boolean modifies,
        int scratchImages,
        long scratchBytes,
        long plannedNs,
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
        return runs * (plannedNs / cells.size() + OVERHEAD_NS);
    }

    /** Whether a cell opens images. */
    static boolean isRaw(Cell cell) {
        return cell.option(Option.DRIVER).equals("raw");
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
            boolean anyRaw = cells.stream().anyMatch(PreparedSuite::isRaw);
            boolean modifies = false;
            int disks = 1;
            for (int i = 0; i < cells.size(); i++) {
                if (isRaw(cells.get(i))) {
                    modifies |= jobs.get(i).modifies();
                    disks = Math.max(disks, Integer.parseInt(cells.get(i).option(Option.DISKS)));
                }
            }
            if (modifies && !request.images().isEmpty()) {
                ImageRules.checkWrites(request, disks);
            }
            int scratch = !anyRaw || !request.images().isEmpty() ? 0 : modifies ? disks : 1;
            checkMachines(modifies);
            return new PreparedSuite(
                    request, byId(), modifies, scratch, scratchBytes(), plannedNs(), List.copyOf(warnings()));
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
                boolean known = !isRaw(cells.get(i)) || !request.images().isEmpty();
                List<String> images =
                        known ? request.images().stream().map(Path::toString).toList() : List.of("scratch");
                MachineSpec spec = MachineFactory.spec(cells.get(i).options(), jobs.get(i), images, modifies);
                MachineRules.check(spec, jobs.get(i));
                if (known && isRaw(cells.get(i))) {
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

        private Set<String> warnings() {
            Set<String> texts = new LinkedHashSet<>();
            jobs.forEach(
                    cell -> cell.warnings().stream().map(JobWarning::message).forEach(texts::add));
            return texts;
        }
    }
}
