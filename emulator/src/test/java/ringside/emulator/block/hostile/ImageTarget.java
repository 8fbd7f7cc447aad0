package ringside.emulator.block.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import ringside.emulator.aio.AioKind;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodeSpec;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.CacheMode;
import ringside.emulator.block.FileSpec;
import ringside.emulator.block.Qcow2Backing;
import ringside.emulator.block.Qcow2Options;
import ringside.emulator.block.Qcow2Spec;
import ringside.emulator.block.qcow2.Qcow2Snapshots;
import ringside.emulator.block.qcow2.format.CompressionType;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Check;
import ringside.emulator.block.qcow2.tool.Qcow2Create;
import ringside.emulator.fuzz.Check;
import ringside.emulator.fuzz.FuzzInput;
import ringside.emulator.fuzz.FuzzTarget;

/**
 * Images that lie: a right image is changed where the bytes say, then opened, read, written, closed, checked and repaired. The oracle: every
 * refusal is one of the documented exceptions with a message of one line, and nothing else is thrown.
 */
public final class ImageTarget implements FuzzTarget {
    private static final int DISK = 256 << 10;
    private static final int MAX_CHANGES = 12;
    private static final int MAX_OPERATIONS = 12;
    private static final int HEADER_BYTES = 112;
    private static final long[] VALUES = {
        0,
        1,
        2,
        63,
        64,
        512,
        1 << 20,
        -1,
        1L << 63,
        1L << 62,
        (1L << 63) | 512,
        (1L << 62) | 512,
        1L << 55,
        0x7fff_ffffL
    };

    private final Path folder;
    private final Path image;
    private final byte[][] right;
    private final FuzzInput input = new FuzzInput();
    private final Logger logger = Logger.getLogger("ringside.emulator.block");

    public ImageTarget() {
        try {
            folder = Files.createTempDirectory("ringside-fuzz-");
            image = folder.resolve("image");
            logger.setLevel(Level.OFF);
            right = new byte[][] {
                make(512, 64, false), make(512, 16, false), make(4096, 1, false), make(16384, 16, true)
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] make(int clusterBytes, int refcountBits, boolean extendedL2) throws IOException {
        Files.write(image, new byte[0]);
        try (BlockNode node = BlockNodes.open(file(false))) {
            Qcow2Create.create(
                    node.file(),
                    Optional.empty(),
                    new CreateOptions(
                            DISK,
                            3,
                            clusterBytes,
                            refcountBits,
                            false,
                            extendedL2,
                            CreateOptions.Preallocation.OFF,
                            CompressionType.ZLIB,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            false));
        }
        byte[] data = new byte[DISK / 4];
        Arrays.fill(data, (byte) 7);
        try (BlockNode node = BlockNodes.open(spec(false))) {
            node.file().write(4096, MemorySegment.ofArray(data));
        }
        if (refcountBits > 1) {
            try (Qcow2Snapshots snapshots = Qcow2Snapshots.open(spec(false))) {
                snapshots.create("s");
            }
            try (BlockNode node = BlockNodes.open(spec(false))) {
                node.file().write(0, MemorySegment.ofArray(data));
            }
        }
        return Files.readAllBytes(image);
    }

    private FileSpec file(boolean readOnly) {
        return new FileSpec(new BlockNodeSpec.Raw(image, CacheMode.UNSAFE, AioKind.THREADS, false, readOnly, true));
    }

    private Qcow2Spec spec(boolean readOnly) {
        Qcow2Options options = readOnly ? Qcow2Options.DEFAULT.asReadOnly() : Qcow2Options.DEFAULT;
        return new Qcow2Spec(file(readOnly), new Qcow2Backing.None(), Optional.empty(), options);
    }

    @Override
    public void run(byte[] bytes) {
        input.begin(bytes);
        byte[] lying = right[input.below(right.length)].clone();
        for (int i = 1 + input.below(MAX_CHANGES); i > 0; i--) {
            change(lying);
        }
        keepTablesSmall(lying);
        int length = input.below(8) == 0 ? lying.length - input.u16() % lying.length : lying.length;
        write(Arrays.copyOf(lying, length));
        boolean readOnly = input.below(4) == 0;
        survive(() -> use(readOnly));
        survive(() -> check(Qcow2Check.Repair.NONE));
        survive(() -> check(input.below(2) == 0 ? Qcow2Check.Repair.LEAKS : Qcow2Check.Repair.ALL));
        survive(() -> use(false));
    }

    /** L1, refcount table and snapshots: images with huge ones are right as far as memory goes, and other tests have them. */
    private static void keepTablesSmall(byte[] lying) {
        for (int field : new int[] {36, 56, 60}) {
            lying[field] = 0;
            lying[field + 1] = 0;
            lying[field + 2] &= 3;
        }
    }

    /** A number of the header, an entry of a table, or any bit. */
    private void change(byte[] lying) {
        int kind = input.below(4);
        int at = kind == 0 ? input.below(HEADER_BYTES) : input.u32() & Integer.MAX_VALUE;
        if (kind == 3) {
            lying[at % lying.length] ^= (byte) (1 << input.below(8));
            return;
        }
        int place = Math.min(kind == 0 ? at : at % lying.length & -8, lying.length - 8);
        long value = input.below(3) == 0 ? input.u64() : input.pick(VALUES) + 512L * input.below(64);
        int size = kind == 0 ? 4 : 8;
        for (int i = 0; i < size; i++) {
            lying[place + i] = (byte) (value >>> 8 * (size - 1 - i));
        }
    }

    private void write(byte[] content) {
        try {
            Files.write(image, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void survive(Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException | BlockIoException e) {
            String message = String.valueOf(e.getMessage());
            Check.that(!message.contains("\n") && message.length() > 10, "not a message of one line: " + message);
        }
    }

    private void check(Qcow2Check.Repair repair) {
        try (BlockNode node = BlockNodes.open(file(false))) {
            Qcow2Check.check(node.file(), "image", repair);
        }
    }

    private void use(boolean readOnly) {
        try (BlockNode node = BlockNodes.open(spec(readOnly))) {
            for (int i = 1 + input.below(MAX_OPERATIONS); i > 0; i--) {
                survive(() -> operation(node));
            }
        }
    }

    private void operation(BlockNode node) {
        long size = Math.clamp(node.lengthBytes(), 1, Long.MAX_VALUE);
        long offset = (input.u32() & 0xffff_ffffL) % size;
        int length = (int) Math.min(1 + input.u16(), size - offset);
        switch (input.below(7)) {
            case 0, 1 -> node.file().read(offset, MemorySegment.ofArray(new byte[length]));
            case 2, 3 -> node.file().write(offset, MemorySegment.ofArray(new byte[length]));
            case 4 -> node.file().writeZeroes(offset, length, true);
            case 5 -> node.file().discard(offset, length);
            default -> {
                node.status(offset, length);
                node.file().flush();
            }
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(image);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
