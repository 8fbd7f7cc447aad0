package ringside.harness.run;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ringside.emulator.block.CacheMode;
import ringside.emulator.ffi.HostProbe;
import ringside.harness.HarnessException;
import ringside.harness.observe.HostFacts;
import ringside.harness.peer.Programs;
import ringside.harness.serve.CpuList;
import ringside.harness.suite.BlockdevTemplate;
import ringside.harness.suite.CommandTemplate;
import ringside.harness.suite.Option;
import ringside.harness.suite.ServerTemplates;
import ringside.harness.sweep.Cell;

/** What a cell's target asks of its options and of the host. */
final class TargetRules {
    private static final String ANY = "any";

    /** Options that only name a point of a suite; without a value they are left out of results. */
    private static final Set<Option> LABELS = EnumSet.of(Option.CASE, Option.PEER);

    private static final Set<Option> SERVER_ONLY = EnumSet.of(Option.SERVER, Option.SOCKET, Option.SERVER_CPUS);

    private static final Set<Option> MACHINE_ONLY = EnumSet.of(
            Option.THREADING,
            Option.VQ_MAPPING,
            Option.TRANSPORT,
            Option.VECTORS,
            Option.NOTIFICATION_DATA,
            Option.DISKS,
            Option.CONFIG_WCE,
            Option.LOGICAL_BLOCK_SIZE,
            Option.PHYSICAL_BLOCK_SIZE,
            Option.SIZE_MAX,
            Option.SEG_MAX);

    /** What fio on a file has no use for. */
    private static final Set<Option> NOT_FIO = EnumSet.of(
            Option.SERVER,
            Option.SOCKET,
            Option.IOTHREADS,
            Option.POLL_MAX_NS,
            Option.POLL_GROW,
            Option.POLL_SHRINK,
            Option.QUEUES,
            Option.QUEUE_SIZE,
            Option.RING,
            Option.IN_ORDER,
            Option.INDIRECT,
            Option.EVENT_IDX,
            Option.VCPUS,
            Option.HALT_POLL_NS,
            Option.JOB_PER_QUEUE,
            Option.COMPLETION,
            Option.MEMORY,
            Option.HUGE_PAGES,
            Option.TRACE,
            Option.TIMELINE_EVERY,
            Option.DRIVER,
            Option.DISK_SIZE,
            Option.LATENCY_NS,
            Option.READ_ZEROES,
            Option.AIO_FALLBACK,
            Option.DISCARD);

    private static final Set<Option> QCOW2_RUNTIME = EnumSet.of(
            Option.L2_CACHE_SIZE,
            Option.L2_CACHE_ENTRY_SIZE,
            Option.REFCOUNT_CACHE_SIZE,
            Option.LOCKING,
            Option.CONTINUATION);

    private static final Set<Option> FILTERS = EnumSet.of(
            Option.IOPS_TOTAL,
            Option.IOPS_TOTAL_MAX,
            Option.BPS_TOTAL,
            Option.BPS_TOTAL_MAX,
            Option.DELAY_AVERAGE,
            Option.DELAY_P99);

    private TargetRules() {}

    /** Names of the options that say nothing about this target. */
    static Set<String> absent(Map<String, String> options) {
        Set<Option> absent = EnumSet.noneOf(Option.class);
        LABELS.stream().filter(label -> value(options, label).isEmpty()).forEach(absent::add);
        absent.addAll(unusedOfDisk(options));
        switch (value(options, Option.TARGET)) {
            case "machine" -> {
                absent.addAll(SERVER_ONLY);
                if (value(options, Option.TRANSPORT).equals("mmio")) {
                    absent.add(Option.VECTORS);
                }
            }
            case "fio" -> {
                absent.addAll(MACHINE_ONLY);
                absent.addAll(NOT_FIO);
            }
            default -> absent.addAll(MACHINE_ONLY);
        }
        return absent.stream().map(Option::label).collect(Collectors.toSet());
    }

    /** Options of formats and filters that a cell's node does not have. */
    private static Set<Option> unusedOfDisk(Map<String, String> options) {
        Set<Option> unused = EnumSet.noneOf(Option.class);
        boolean template = !value(options, Option.BLOCKDEV).isEmpty();
        if (!template) {
            unused.add(Option.BLOCKDEV);
        }
        if (!value(options, Option.DRIVER).equals("qcow2")
                || value(options, Option.TARGET).equals("fio")) {
            unused.addAll(ImageRecipe.formatOptions());
            unused.addAll(QCOW2_RUNTIME);
        }
        if (value(options, Option.DRIVER).equals("null")) {
            unused.addAll(EnumSet.of(Option.IMAGE_SIZE, Option.IMAGE_FILL));
        }
        FILTERS.stream()
                .filter(option -> template || value(options, option).equals(option.defaultValue()))
                .forEach(unused::add);
        return unused;
    }

    /** Whether a cell reads or writes an image. */
    static boolean usesImage(Map<String, String> options, Map<String, String> servers) {
        return switch (value(options, Option.TARGET)) {
            case "fio" -> true;
            case "vhost-user" ->
                !value(options, Option.SERVER).isEmpty()
                        && usesImage(options, ServerTemplates.find(value(options, Option.SERVER), servers));
            default -> nodeUsesImage(options);
        };
    }

    private static boolean usesImage(Map<String, String> options, CommandTemplate template) {
        return template.uses("image") || (template.uses("blockdev") && nodeUsesImage(options));
    }

    private static boolean nodeUsesImage(Map<String, String> options) {
        String template = value(options, Option.BLOCKDEV);
        return template.isEmpty()
                ? !value(options, Option.DRIVER).equals("null")
                : BlockdevTemplate.usesImage(template);
    }

    /** Version of a server of this build; of other programs that do not say theirs it is unknown. */
    static String ownVersion(RunSpec spec) {
        boolean own = CommandTemplate.parse(spec.serverCommand()).uses(CommandTemplate.RINGSIDE_SERVE);
        return own ? "ringside " + spec.ringsideVersion() + " " + spec.gitRevision() : "unknown";
    }

    /** Where the server may run: {@code client} is wherever the load threads may. */
    static String serverCpus(Map<String, String> options) {
        String server = value(options, Option.SERVER_CPUS);
        return server.equals("client") ? value(options, Option.CLIENT_CPUS) : server;
    }

    /** All CPUs that load and server of a cell have together: what fio, which is both in one, may use. */
    static String allCpus(Map<String, String> options) {
        String client = value(options, Option.CLIENT_CPUS);
        String server = serverCpus(options);
        if (client.equals(ANY) || server.equals(ANY)) {
            return ANY;
        }
        Set<Integer> cpus = new TreeSet<>(CpuList.parse(client));
        cpus.addAll(CpuList.parse(server));
        return cpus.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /**
     * Refuses a cell that makes no sense on any host.
     *
     * @throws HarnessException in one line
     */
    static void check(Cell cell, JobSource.Jobs jobs, Map<String, String> servers) {
        String target = cell.option(Option.TARGET);
        boolean vhostUser = target.equals("vhost-user");
        boolean server = !cell.option(Option.SERVER).isEmpty();
        boolean socket = !cell.option(Option.SOCKET).isEmpty();
        if (!vhostUser && (server || socket) && target.equals("machine")) {
            throw bad(cell, "server and socket belong to target: vhost-user, the target is machine");
        }
        if (vhostUser && server == socket) {
            throw bad(
                    cell,
                    "target: vhost-user needs either a server to start or the socket of one that runs, it has "
                            + (server ? "both" : "neither"));
        }
        if (vhostUser && server) {
            ServerTemplates.find(cell.option(Option.SERVER), servers);
        }
        if (target.equals("fio") && jobs.plannedNs() == 0) {
            throw bad(cell, "target: fio needs a runtime: set runtime in the job");
        }
        if (target.equals("fio")
                && jobs.jobs().stream().anyMatch(job -> job.pacing().openLoop())) {
            throw bad(cell, "fio has no open loop: leave open_loop out, or use another target");
        }
        if (!target.equals("machine") && !cell.option(Option.DISKS).equals("1")) {
            throw bad(cell, "target: " + target + " has one disk: set disks to 1");
        }
        if (target.equals("machine") && !cell.option(Option.SERVER_CPUS).equals(ANY)) {
            throw bad(cell, "server-cpus belongs to target: vhost-user, the target is machine");
        }
    }

    private static Optional<String> missingCpu(Option option, String text) {
        String allowed = HostFacts.allowedCpus();
        if (text.equals(ANY) || allowed.isEmpty() || CpuList.parse(allowed).containsAll(CpuList.parse(text))) {
            return Optional.empty();
        }
        return Optional.of(option.label() + "=" + text + " names a CPU that this process may not use (it may use "
                + allowed + "): see --set " + option.label());
    }

    private static HarnessException bad(Cell cell, String problem) {
        return HarnessException.badInput("cell " + cell.id() + ": " + problem);
    }

    /** Why a cell cannot run on this host although it makes sense; empty where it can. */
    static Optional<String> unavailable(Cell cell, Map<String, String> servers) {
        Optional<String> cpu = missingCpu(Option.CLIENT_CPUS, cell.option(Option.CLIENT_CPUS))
                .or(() -> missingCpu(Option.SERVER_CPUS, serverCpus(cell.options())));
        if (cpu.isPresent() || cell.option(Option.TARGET).equals("machine")) {
            return cpu;
        }
        for (String program : programs(cell, servers)) {
            if (!Programs.present(program)) {
                return Optional.of(Programs.missing(program));
            }
        }
        boolean image = usesImage(cell.options(), servers);
        boolean ring = image
                && cell.option(Option.AIO).equals("io_uring")
                && !cell.option(Option.AIO_FALLBACK).equals("on");
        if (ring && !HostProbe.ioUring().ok()) {
            return Optional.of("this host does not allow io_uring: see ringside doctor");
        }
        String folder = cell.option(Option.IMAGE_DIR);
        boolean direct = CacheMode.of(cell.option(Option.CACHE)).direct();
        return image && !folder.isEmpty() ? ScratchImages.unusable(folder, direct) : Optional.empty();
    }

    private static Set<String> programs(Cell cell, Map<String, String> servers) {
        Set<String> programs = new LinkedHashSet<>();
        if (cell.option(Option.TARGET).equals("fio")) {
            programs.add("fio");
        } else if (cell.option(Option.SOCKET).isEmpty()) {
            CommandTemplate template = ServerTemplates.find(cell.option(Option.SERVER), servers);
            if (!template.program().startsWith("{")) {
                programs.add(template.program());
            }
            if (!serverCpus(cell.options()).equals(ANY)) {
                programs.add("taskset");
            }
        }
        return programs;
    }

    /** One line per reason, with the cells that it concerns. */
    static List<String> notes(Map<String, String> skipped) {
        Map<String, Set<String>> byReason = new LinkedHashMap<>();
        skipped.forEach((id, reason) ->
                byReason.computeIfAbsent(reason, _ -> new LinkedHashSet<>()).add(id));
        return byReason.entrySet().stream()
                .map(entry -> count(entry.getValue().size()) + " skipped (" + String.join(", ", entry.getValue())
                        + "): " + entry.getKey())
                .toList();
    }

    private static String count(int cells) {
        return cells + (cells == 1 ? " cell is" : " cells are");
    }

    private static String value(Map<String, String> options, Option option) {
        return options.getOrDefault(option.label(), option.defaultValue());
    }
}
