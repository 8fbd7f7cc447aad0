package ringside.emulator.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A trace of {@link CacheModeProbe}, taken by strace: what each step of each case did to its files. */
final class SyscallTrace {
    /** What a system call does, as far as stability goes. */
    enum Kind {
        OPEN,
        READ,
        WRITE,
        SYNC,
        /** One operation that io_uring_enter submitted: the probe tells later which. */
        SUBMITTED
    }

    /**
     * One call, or one operation of a batch.
     *
     * @param kind what it does
     * @param flags open flags or per-operation flags as strace names them
     * @param text where it was found
     */
    record Call(Kind kind, Set<String> flags, String text) {
        /** Whether what it writes is stable when it ends. */
        boolean stable() {
            return flags.contains("RWF_DSYNC") || flags.contains("RWF_SYNC");
        }
    }

    private static final long LIMIT_S = 120;
    private static final String TRACED = "open,openat,read,pread64,readv,preadv,preadv2,write,pwrite64,writev,pwritev,"
            + "pwritev2,fsync,fdatasync,sync,syncfs,sync_file_range,msync,io_submit,io_uring_enter";
    private static final Pattern SQE = Pattern.compile("/sqe:(\\d+):(-?\\d+):(.+)$");
    private static final Pattern MARK = Pattern.compile("\"" + CacheModeProbe.MARK + "([^/\"]+)/([^\"]+)\"");
    private static final Pattern CALL = Pattern.compile("^(?:\\d+ +)?([a-z_0-9]+)\\((.*)$");
    private static final Pattern FLAG = Pattern.compile("\\b(O_[A-Z]+|RWF_[A-Z]+)\\b");
    private static final Pattern ENTER = Pattern.compile("^\\d+(?:<[^>]*>)?, (\\d+), ");
    private static final Pattern CONTROL_BLOCK = Pattern.compile("aio_lio_opcode=IOCB_CMD_([A-Z]+)");

    /** io_uring_enter(2): numbers of operations, and the flags that matter. */
    private static final Map<Integer, Kind> SQE_KINDS = Map.of(
            1, Kind.READ, 2, Kind.WRITE, 3, Kind.SYNC, 4, Kind.READ, 5, Kind.WRITE, 22, Kind.READ, 23, Kind.WRITE);

    private static final int RWF_DSYNC = 2;

    private final Map<String, Map<String, List<Call>>> cases = new TreeMap<>();
    private List<Call> current = new ArrayList<>();
    private String currentCase = "";

    private SyscallTrace() {}

    /** Runs the probe on all cases. */
    static SyscallTrace of(Path folder, List<CacheModeProbe.Case> wanted) throws IOException, InterruptedException {
        Path output = folder.resolve("strace.out");
        Path log = folder.resolve("probe.log");
        List<String> command = new ArrayList<>(List.of(
                "strace", "-f", "--seccomp-bpf", "-y", "-s", "8", "-e", "trace=" + TRACED, "-e", "signal=none"));
        command.addAll(List.of("-o", output.toString()));
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xint"));
        command.addAll(List.of("-XX:-UsePerfData", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CacheModeProbe.class.getName()));
        command.add(folder.toString());
        wanted.forEach(one -> command.add(one.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("the probe failed: " + Files.readString(log));
            }
        } finally {
            process.destroyForcibly();
        }
        SyscallTrace trace = new SyscallTrace();
        Files.readAllLines(output).forEach(trace::line);
        return trace;
    }

    private void line(String line) {
        Matcher mark = MARK.matcher(line);
        if (mark.find()) {
            mark(mark.group(1), mark.group(2), line);
            return;
        }
        Matcher call = CALL.matcher(line);
        if (!call.find()) {
            return; // the end of a call whose beginning was counted, or of a thread
        }
        if (call.group(1).equals("io_submit")) {
            controlBlocks(call.group(2));
        } else if (call.group(1).equals("io_uring_enter")) {
            submitted(call.group(2));
        } else if (call.group(2).contains("/" + currentCase + ".img")
                || call.group(1).startsWith("sync")) {
            Set<String> flags = flags(call.group(2));
            kind(call.group(1)).ifPresent(kind -> current.add(new Call(kind, flags, line)));
        }
    }

    private void mark(String name, String what, String line) {
        Matcher sqe = SQE.matcher("/" + what);
        if (sqe.find()) {
            entry(Integer.parseInt(sqe.group(1)), Integer.parseInt(sqe.group(2)), sqe.group(3), line);
            return;
        }
        current.removeIf(call -> call.kind() == Kind.SUBMITTED);
        currentCase = name;
        current = new ArrayList<>();
        cases.computeIfAbsent(name, _ -> new TreeMap<>()).put(what, current);
    }

    private void submitted(String arguments) {
        Matcher enter = ENTER.matcher(arguments);
        for (int left = enter.find() ? Integer.parseInt(enter.group(1)) : 0; left > 0; left--) {
            current.add(new Call(Kind.SUBMITTED, Set.of(), arguments));
        }
    }

    /** Entries of the ring come in the order in which they were submitted, so each takes the place of the next one. */
    private void entry(int opcode, int flags, String file, String line) {
        int place = 0;
        while (place < current.size() && current.get(place).kind() != Kind.SUBMITTED) {
            place++;
        }
        if (place == current.size()) {
            throw new AssertionError("an operation that nothing submitted: " + line);
        }
        current.remove(place);
        Kind kind = SQE_KINDS.get(opcode);
        if (kind != null && file.startsWith(currentCase)) {
            boolean dsync = kind == Kind.WRITE && (flags & RWF_DSYNC) != 0;
            current.add(place, new Call(kind, dsync ? Set.of("RWF_DSYNC") : Set.of(), line));
        }
    }

    /** Linux AIO: every control block of a batch is an operation. */
    private void controlBlocks(String arguments) {
        for (String block : arguments.split("\\{(?=aio_data=)")) {
            Matcher opcode = CONTROL_BLOCK.matcher(block);
            if (opcode.find() && block.contains("/" + currentCase + ".img")) {
                Kind kind = switch (opcode.group(1)) {
                    case "PREAD", "PREADV" -> Kind.READ;
                    case "PWRITE", "PWRITEV" -> Kind.WRITE;
                    default -> Kind.SYNC;
                };
                current.add(new Call(kind, flags(block), block));
            }
        }
    }

    private static Optional<Kind> kind(String call) {
        return Optional.ofNullable(
                switch (call) {
                    case "open", "openat" -> Kind.OPEN;
                    case "read", "pread64", "readv", "preadv", "preadv2" -> Kind.READ;
                    case "write", "pwrite64", "writev", "pwritev", "pwritev2" -> Kind.WRITE;
                    case "fsync", "fdatasync", "sync", "syncfs", "msync" -> Kind.SYNC;
                    default -> null; // sync_file_range promises nothing
                });
    }

    private static Set<String> flags(String text) {
        Matcher flag = FLAG.matcher(text);
        Set<String> flags = new TreeSet<>();
        while (flag.find()) {
            flags.add(flag.group(1));
        }
        return flags;
    }

    /** Calls on the image in one step of a case, in their order. */
    List<Call> calls(CacheModeProbe.Case one, String step) {
        Map<String, List<Call>> steps = cases.get(one.toString());
        if (steps == null || !steps.containsKey(step)) {
            throw new AssertionError("the trace has no step '" + step + "' of " + one + ": " + cases.keySet());
        }
        return steps.get(step);
    }

    /** All calls on the image in a case. */
    List<Call> calls(CacheModeProbe.Case one) {
        List<Call> all = new ArrayList<>();
        List.of("open", "read", "write", "flush", "close").forEach(step -> all.addAll(calls(one, step)));
        return all;
    }
}
