package ringside.emulator.machine;

import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_FLUSH;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_IN;
import static ringside.emulator.device.blk.BlkConstants.VIRTIO_BLK_T_OUT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.ffi.LibC;

/**
 * What {@link CacheModeSyscallsTest} runs under strace: per case a machine whose guest writes, writes again, flushes and
 * goes. Every step is framed by the open of a path that does not exist, which a trace shows in its place. What a case
 * hands to io_uring never is a system call; it is read out of the ring that the kernel shares, found by its mapping and
 * decoded here, and shown in the same way.
 */
final class CacheModeProbe {
    /** Beginning of the paths that do not exist. */
    static final String MARK = "/ringside-mark/";

    private static final int BYTES = 4096;
    private static final int SQE_BYTES = 64;

    private CacheModeProbe() {}

    /** @param arguments the folder of the images, then cases: {@link Case#toString()} */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (String text : Arrays.asList(arguments).subList(1, arguments.length)) {
            run(Case.parse(text), folder);
        }
    }

    private static void run(Case one, Path folder) throws IOException {
        Rings rings = new Rings();
        mark(one, "open");
        MachineSpec spec =
                MachineSpecs.of(ThreadingPreset.IOTHREAD, 1, List.of(), DiskSpec.of("disk0", one.node(folder), 1));
        try (Machine machine = Machine.build(spec)) {
            machine.start();
            try (GuestDisk disk = new GuestDisk(machine, 0)) {
                long gpa = machine.allocator().allocate(BYTES, BYTES);
                mark(one, "read");
                transfer(disk, VIRTIO_BLK_T_IN, 0, gpa, BYTES);
                rings.show(one, "read");
                mark(one, "write");
                // Two far apart: an image format has to allocate for both.
                transfer(disk, VIRTIO_BLK_T_OUT, 0, gpa, BYTES);
                transfer(disk, VIRTIO_BLK_T_OUT, 1 << 12, gpa, BYTES);
                rings.show(one, "write");
                mark(one, "flush");
                transfer(disk, VIRTIO_BLK_T_FLUSH, 0, 0, 0);
                rings.show(one, "flush");
                mark(one, "close");
            }
        }
        mark(one, "end");
    }

    private static void transfer(GuestDisk disk, int type, long sector, long gpa, int bytes) {
        List<Integer> status = disk.transfer(type, sector, gpa, bytes, 1);
        if (status.getFirst() != 0) {
            throw new IllegalStateException("request of type " + type + " failed with status " + status);
        }
    }

    private static void mark(Case one, String what) {
        LibC.open(MARK + one + "/" + what, LibC.O_RDONLY, 0);
    }

    /**
     * One combination.
     *
     * @param driver format of the image
     * @param cache cache mode
     * @param aio engine
     */
    record Case(String driver, CacheMode cache, AioKind aio) {
        static Case parse(String text) {
            String[] parts = text.split("\\+");
            return new Case(parts[0], CacheMode.of(parts[1]), AioKind.of(parts[2]));
        }

        Path image(Path folder) {
            return folder.resolve(this + ".img");
        }

        BlockNodeSpec node(Path folder) {
            BlockNodeSpec.Raw raw = MachineSpecs.raw(image(folder), cache, aio);
            return driver.equals("raw") ? raw : Qcow2Spec.of(new FileSpec(raw));
        }

        @Override
        public String toString() {
            return driver + "+" + cache.label() + "+" + aio.label();
        }
    }

    /** The submission entries of this process's rings, as the kernel sees them. */
    private static final class Rings {
        /** IORING_OFF_SQES of io_uring_setup(2): where in the ring's file the entries are mapped from. */
        private static final String SQES_OFFSET = "10000000";

        private static final int IOSQE_FIXED_FILE = 1;
        private static final int ENTRY_FD = 4;
        private static final int ENTRY_OP_FLAGS = 28;

        private final List<byte[]> seen = new ArrayList<>();

        /** Shows the entries that have been filled in since the last time. */
        void show(Case one, String phase) throws IOException {
            for (MemorySegment sqes : mapped()) {
                for (long at = 0; at < sqes.byteSize(); at += SQE_BYTES) {
                    byte[] entry = sqes.asSlice(at, SQE_BYTES).toArray(ValueLayout.JAVA_BYTE);
                    if (isFilled(entry) && seen.stream().noneMatch(old -> Arrays.equals(old, entry))) {
                        seen.add(entry);
                        show(one, phase, MemorySegment.ofArray(entry));
                    }
                }
            }
        }

        private static void show(Case one, String phase, MemorySegment entry) throws IOException {
            int opcode = entry.get(ValueLayout.JAVA_BYTE, 0);
            boolean registered = (entry.get(ValueLayout.JAVA_BYTE, 1) & IOSQE_FIXED_FILE) != 0;
            int fd = entry.get(ValueLayout.JAVA_INT_UNALIGNED, ENTRY_FD);
            int flags = entry.get(ValueLayout.JAVA_INT_UNALIGNED, ENTRY_OP_FLAGS);
            String file = registered ? registeredFile(fd) : nameOf(Path.of("/proc/self/fd/" + fd));
            mark(one, phase + "/sqe:" + opcode + ":" + flags + ":" + file);
        }

        private static String nameOf(Path link) throws IOException {
            return Files.readSymbolicLink(link).getFileName().toString();
        }

        /** The kernel lists the files that a ring knows by number in the ring's fdinfo. */
        private static String registeredFile(int index) throws IOException {
            String prefix = index + ": ";
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                for (Path descriptor : descriptors.toList()) {
                    if (Files.isSymbolicLink(descriptor) && nameOf(descriptor).equals("anon_inode:[io_uring]")) {
                        Path info = Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName());
                        for (String line : Files.readAllLines(info)) {
                            if (line.strip().startsWith(prefix) && line.contains(".img")) {
                                return Path.of(line.strip().substring(prefix.length()))
                                        .getFileName()
                                        .toString();
                            }
                        }
                    }
                }
            }
            return "unknown";
        }

        private static boolean isFilled(byte[] entry) {
            for (byte value : entry) {
                if (value != 0) {
                    return true;
                }
            }
            return false;
        }

        private static List<MemorySegment> mapped() throws IOException {
            List<MemorySegment> rings = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] fields = line.split("\\s+", 6);
                if (line.contains("anon_inode:[io_uring]") && fields[2].equals(SQES_OFFSET)) {
                    String[] range = fields[0].split("-");
                    long start = Long.parseUnsignedLong(range[0], 16);
                    rings.add(MemorySegment.ofAddress(start).reinterpret(Long.parseUnsignedLong(range[1], 16) - start));
                }
            }
            return rings;
        }
    }
}
