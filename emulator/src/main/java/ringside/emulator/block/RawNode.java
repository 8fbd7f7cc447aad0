package ringside.emulator.block;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import ringside.emulator.aio.AioContext;
import ringside.emulator.aio.AioEngine;
import ringside.emulator.aio.AioKind;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;

/** A raw image on a file or a block device. */
final class RawNode implements BlockNode {
    private static final int SECTOR_BYTES = 512;
    private static final int PAGE_BYTES = 4096;

    /** File types in st_mode (inode(7)). */
    private static final int S_IFMT = 0xf000;

    private static final int S_IFDIR = 0x4000;
    private static final int S_IFBLK = 0x6000;
    private static final int S_IFREG = 0x8000;

    private final BlockNodeSpec.Raw spec;
    private final int fd;
    private final boolean blockDevice;
    private final boolean unmaps;
    private final Optional<StorageLifetime> lifetime;
    private final DirectIoAlignment alignment;

    /** Whether this is the storage of a format: of any length, and longer after a write behind its end. */
    private final boolean grows;

    private final RawFile file = new RawFile(this);
    private final RawStatus status;
    private final WriteSerialiser serialiser = new WriteSerialiser();
    private volatile AioKind effectiveAio;
    private volatile long lengthBytes;

    private RawNode(BlockNodeSpec.Raw spec, int fd, long lengthBytes, DirectIoAlignment alignment, boolean grows) {
        this.spec = spec;
        this.grows = grows;
        this.fd = fd;
        this.lengthBytes = lengthBytes;
        this.blockDevice = typeOf(spec) == S_IFBLK;
        BlockDeviceFacts facts = blockDevice ? BlockDeviceFacts.of(spec.file()) : null;
        this.lifetime = blockDevice ? facts.lifetime() : Optional.empty();
        this.unmaps = spec.discardUnmap() && !spec.readOnly() && (blockDevice ? facts.discards() : punchesHoles(fd));
        this.alignment = alignment;
        this.effectiveAio = spec.aio();
        this.status = new RawStatus(this);
    }

    static RawNode open(BlockNodeSpec.Raw spec) {
        return open(spec, 1, false);
    }

    /** The storage of a format. */
    static RawNode open(FileSpec spec) {
        return open(spec.raw(), 1, true);
    }

    /** @param minimumAlignBytes O_DIRECT alignment to keep even where the file demands less */
    static RawNode open(BlockNodeSpec.Raw spec, int minimumAlignBytes) {
        return open(spec, minimumAlignBytes, false);
    }

    private static RawNode open(BlockNodeSpec.Raw spec, int minimumAlignBytes, boolean grows) {
        requireFileOrBlockDevice(spec);
        int flags =
                (spec.readOnly() ? LibC.O_RDONLY : LibC.O_RDWR) | (spec.cache().direct() ? LibC.oDirect() : 0);
        int fd = LibC.open(spec.file().toString(), flags, 0);
        if (fd < 0) {
            throw ImageErrors.cannotOpen(spec, -fd);
        }
        try {
            ImageLock.acquire(spec, fd);
            DirectIoAlignment alignment = spec.cache().direct()
                    ? DirectIoAlignment.of(fd).atLeast(minimumAlignBytes)
                    : DirectIoAlignment.NONE;
            long length = grows ? LibC.size(fd) : checkedLength(spec, fd, alignment);
            return new RawNode(spec, fd, length, alignment, grows);
        } catch (RuntimeException e) {
            LibC.close(fd);
            throw e;
        }
    }

    private static void requireFileOrBlockDevice(BlockNodeSpec.Raw spec) {
        int type = typeOf(spec);
        if (type == 0) {
            return; // open(2) will say what is wrong
        }
        if (type == S_IFDIR) {
            throw ImageErrors.cannotOpen(spec, Errno.EISDIR);
        }
        if (type != S_IFREG && type != S_IFBLK) {
            throw ImageErrors.error(spec.file(), "is neither a file nor a block device; give the path of a raw image");
        }
    }

    /** The file's type in st_mode, 0 where it has none. */
    private static int typeOf(BlockNodeSpec.Raw spec) {
        try {
            return (int) Files.getAttribute(spec.file(), "unix:mode") & S_IFMT;
        } catch (IOException _) {
            return 0;
        }
    }

    /** Whether the file system can free a part of a file: tried behind the end, where there is nothing to lose. */
    private static boolean punchesHoles(int fd) {
        long behind = (LibC.size(fd) + PAGE_BYTES) / PAGE_BYTES * PAGE_BYTES;
        return LibC.fallocate(fd, LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE, behind, PAGE_BYTES) == 0;
    }

    private static long checkedLength(BlockNodeSpec.Raw spec, int fd, DirectIoAlignment alignment) {
        long length = LibC.size(fd);
        if (length < 0) {
            throw ImageErrors.error(spec.file(), "has no size: " + Errno.describe((int) -length));
        }
        if (length == 0) {
            throw ImageErrors.error(spec.file(), "is empty; make one with: qemu-img create -f raw FILE 1G");
        }
        if (length % SECTOR_BYTES != 0) {
            throw ImageErrors.error(
                    spec.file(),
                    "has %d bytes, which is not a multiple of 512; extend it with: truncate -s %d FILE"
                            .formatted(length, (length + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES));
        }
        if (!spec.readOnly() && !alignment.wholeBlocks(0, length)) {
            // A write to the last, partial block would make the image longer.
            throw ImageErrors.error(
                    spec.file(),
                    ("has %d bytes, but with cache=%s this file system writes blocks of %d; extend it with: truncate"
                                    + " -s %d FILE, or use cache=writeback")
                            .formatted(
                                    length, spec.cache().label(), alignment.offsetBytes(), alignment.blockEnd(length)));
        }
        return length;
    }

    @Override
    public long lengthBytes() {
        return grows ? (file.lengthBytes() + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES : lengthBytes;
    }

    @Override
    public boolean growsWithZeroes() {
        return grows && !blockDevice;
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockStatus status(long offsetBytes, long lengthBytes) {
        return status.of(offsetBytes, lengthBytes);
    }

    @Override
    public boolean readOnly() {
        return spec.readOnly();
    }

    @Override
    public boolean writeback() {
        return spec.cache().writeback();
    }

    @Override
    public int physicalBlockBytes() {
        return Math.max(SECTOR_BYTES, alignment.offsetBytes());
    }

    @Override
    public boolean unmaps() {
        return unmaps;
    }

    /** By overwriting in place, as shred(1) does. */
    @Override
    public boolean erases() {
        return !spec.readOnly();
    }

    @Override
    public Optional<StorageLifetime> lifetime() {
        return lifetime;
    }

    /** A block device has the size it has: whoever changed that says so here. */
    @Override
    public void resize(long bytes) {
        if (spec.readOnly() || spec.aio() == AioKind.MMAP) {
            throw ImageErrors.error(
                    spec.file(), "cannot be resized while it is open read-only or mapped; use another aio");
        }
        if (!alignment.wholeBlocks(0, bytes)) {
            throw ImageErrors.error(
                    spec.file(),
                    "cannot have %d bytes with cache=%s: use a multiple of %d"
                            .formatted(bytes, spec.cache().label(), alignment.offsetBytes()));
        }
        int error = blockDevice ? 0 : -LibC.ftruncate(fd, bytes);
        if (error != 0) {
            throw ImageErrors.error(spec.file(), "cannot be resized: " + Errno.describe(error));
        }
        if (blockDevice && LibC.size(fd) != bytes) {
            throw ImageErrors.error(
                    spec.file(), "has %d bytes; give that size, or resize the device first".formatted(LibC.size(fd)));
        }
        lengthBytes = bytes;
    }

    @Override
    public String description() {
        return "driver=%s,%s=%s,cache=%s,aio=%s%s,read-only=%s,discard=%s"
                .formatted(
                        grows ? "file" : "raw",
                        grows ? "filename" : "file",
                        spec.file(),
                        spec.cache().label(),
                        effectiveAio.label(),
                        effectiveAio == AioKind.IO_URING ? spec.uring().description() : "",
                        spec.readOnly() ? "on" : "off",
                        spec.discardUnmap() ? "unmap" : "ignore");
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new RawBackend(this, engine(context), context.loop());
    }

    private AioEngine engine(AioContext context) {
        try {
            return context.engine(spec.aio(), spec.uring());
        } catch (NativeException e) {
            if (!spec.aioFallback() || spec.aio() == AioKind.THREADS) {
                throw e;
            }
            effectiveAio = AioKind.THREADS;
            System.getLogger(RawNode.class.getName())
                    .log(System.Logger.Level.WARNING, () -> e.getMessage() + "; going on with aio=threads");
            return context.engine(AioKind.THREADS);
        }
    }

    boolean grows() {
        return grows;
    }

    int fd() {
        return fd;
    }

    BlockNodeSpec.Raw spec() {
        return spec;
    }

    DirectIoAlignment alignment() {
        return alignment;
    }

    /** Whether a write may be smaller than a block of O_DIRECT, so that changes to one block must not overlap. */
    boolean serialises() {
        return !spec.readOnly() && alignment.offsetBytes() > SECTOR_BYTES;
    }

    WriteSerialiser serialiser() {
        return serialiser;
    }

    @Override
    public void close() {
        LibC.close(fd); // releases the lock
    }
}
