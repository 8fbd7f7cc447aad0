package ringside.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.ffi.HostFinding;
import ringside.emulator.ffi.HostProbe;
import ringside.emulator.ffi.NativeException;
import ringside.harness.observe.HostFacts;
import ringside.harness.results.AtomicFiles;
import ringside.harness.suite.Units;

/** The findings of {@code ringside doctor}. */
final class Diagnosis {
    private static final int JAVA_FEATURE = 25;
    private static final int ENOUGH_CORES = 4;
    private static final long ENOUGH_ROOM_BYTES = 1L << 30;

    private Diagnosis() {}

    /**
     * Looks at the host.
     *
     * @param place an image, or the folder in which results will be
     * @param isImage which of the two
     */
    static List<HostFinding> of(Path place, boolean isImage) {
        List<HostFinding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(cores());
        findings.add(governor());
        findings.add(HostProbe.ioUring());
        findings.add(HostProbe.memlock());
        if (isImage) {
            findings.add(image(place));
        }
        if (!isImage || Files.exists(place)) {
            findings.add(HostProbe.directIo(place.toAbsolutePath()));
        }
        findings.add(room(isImage ? Path.of("") : place));
        return findings;
    }

    private static HostFinding java() {
        int feature = Runtime.version().feature();
        return new HostFinding(
                "java",
                feature >= JAVA_FEATURE,
                Runtime.version() + " at " + System.getProperty("java.home"),
                feature >= JAVA_FEATURE ? "" : "use a JDK 25 or later");
    }

    private static HostFinding cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        boolean enough = cores >= ENOUGH_CORES;
        return new HostFinding(
                "cores",
                enough,
                cores + " (" + HostFacts.cpuModel() + ")",
                enough
                        ? ""
                        : "with fewer than " + ENOUGH_CORES + " cores, vCPUs and IOThreads share them: compare presets"
                                + " with each other, not with figures of larger hosts");
    }

    private static HostFinding governor() {
        String governor = HostFacts.governor();
        boolean steady = governor.equals("performance") || governor.startsWith("none");
        return new HostFinding(
                "governor", steady, governor, steady ? "" : "set it: cpupower frequency-set -g performance");
    }

    private static HostFinding image(Path file) {
        try {
            BlockNodes.open(new BlockNodeSpec.Raw(file, CacheMode.WRITEBACK, AioKind.THREADS, false, true, false))
                    .close();
            return new HostFinding("image", true, file + " can be used as a raw image", "");
        } catch (IllegalArgumentException | NativeException e) {
            return new HostFinding("image", false, e.getMessage(), "");
        }
    }

    private static HostFinding room(Path folder) {
        try {
            long bytes = Files.getFileStore(folder.toAbsolutePath()).getUsableSpace();
            boolean enough = bytes >= ENOUGH_ROOM_BYTES;
            return new HostFinding(
                    "disk space",
                    enough,
                    Units.formatBytes(bytes) + " free for results and scratch images",
                    enough ? "" : "put results elsewhere with --out");
        } catch (IOException e) {
            return new HostFinding("disk space", false, AtomicFiles.reason(e), "choose another folder with --out");
        }
    }
}
