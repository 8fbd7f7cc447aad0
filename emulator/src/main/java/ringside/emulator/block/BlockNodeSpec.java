package ringside.emulator.block;

import java.nio.file.Path;
import java.util.Optional;
import ringside.emulator.aio.AioKind;
import ringside.emulator.aio.UringOptions;

/** How to open a node, in the manner of QEMU's -blockdev. Sealed: one record per driver. */
public sealed interface BlockNodeSpec
        permits BlkdebugSpec,
                BlkverifySpec,
                BlockNodeSpec.Null,
                BlockNodeSpec.Raw,
                BlockNodeSpec.Zoned,
                CopyOnReadSpec,
                DelaySpec,
                FileSpec,
                LogWritesSpec,
                NbdSpec,
                Qcow2Spec,
                QuorumSpec,
                ThrottleSpec {
    /** Driver name as in options: {@code raw}, {@code qcow2}, ... */
    String driver();

    /** The image file that holds the disk's bytes as they are; empty where none does (null, formats). */
    Optional<Raw> image();

    /**
     * A disk without storage (QEMU: null-co, null-aio). Reads leave the buffer as it is unless readZeroes.
     *
     * @param sizeBytes size, a positive multiple of 512
     * @param latencyNs 0 completes inline; otherwise each request completes that much later, without using CPU
     * @param readZeroes whether reads fill the buffers with zeroes
     */
    record Null(long sizeBytes, long latencyNs, boolean readZeroes) implements BlockNodeSpec {
        public Null {
            if (sizeBytes <= 0 || sizeBytes % 512 != 0) {
                throw new IllegalArgumentException(
                        "null: size " + sizeBytes + " is not a positive multiple of 512 bytes");
            }
            if (latencyNs < 0) {
                throw new IllegalArgumentException("null: latency-ns must not be negative, it is " + latencyNs);
            }
        }

        @Override
        public String driver() {
            return "null";
        }

        @Override
        public Optional<Raw> image() {
            return Optional.empty();
        }
    }

    /**
     * A raw image file or block device. The format is explicit and never probed.
     *
     * @param file path of the image
     * @param cache cache mode
     * @param aio engine
     * @param aioFallback when io_uring is refused by the host, use threads (and say so) instead of failing
     * @param readOnly open read-only
     * @param discardUnmap whether DISCARD reaches the file (QEMU: discard=unmap) or is ignored
     * @param uring what io_uring may do beyond the usual; with aio=io_uring only
     */
    record Raw(
            Path file,
            CacheMode cache,
            AioKind aio,
            boolean aioFallback,
            boolean readOnly,
            boolean discardUnmap,
            UringOptions uring)
            implements BlockNodeSpec {
        /** With an ordinary io_uring, if any. */
        public Raw(
                Path file, CacheMode cache, AioKind aio, boolean aioFallback, boolean readOnly, boolean discardUnmap) {
            this(file, cache, aio, aioFallback, readOnly, discardUnmap, UringOptions.DEFAULT);
        }

        public Raw {
            if (aio == AioKind.NATIVE && !cache.direct()) {
                throw new IllegalArgumentException("aio=native waits for the page cache on submission, so it needs"
                        + " O_DIRECT: use cache=none or cache=directsync, not cache=" + cache.label());
            }
            if (aio != AioKind.IO_URING && !uring.equals(UringOptions.DEFAULT)) {
                throw new IllegalArgumentException(
                        "sqpoll and iopoll are options of aio=io_uring, not of aio=" + aio.label());
            }
            if (uring.iopoll() && !cache.direct()) {
                throw new IllegalArgumentException("iopoll=on polls the device, so it needs O_DIRECT: use cache=none or"
                        + " cache=directsync, not cache=" + cache.label());
            }
            if (aio == AioKind.MMAP && cache.direct()) {
                throw new IllegalArgumentException("aio=mmap maps the page cache, which cache=" + cache.label()
                        + " bypasses: use cache=writeback, writethrough or unsafe");
            }
        }

        @Override
        public String driver() {
            return "raw";
        }

        @Override
        public Optional<Raw> image() {
            return Optional.of(this);
        }
    }

    /**
     * A zoned disk, emulated on another node as null_blk emulates one in memory.
     *
     * @param base what stores the data
     * @param zones model, sizes and limits
     * @param state file for the write pointers and states of the zones. Where it is not given, they are kept in the file
     *     {@code IMAGE.zones} beside a raw image, and in memory only for a null disk
     */
    record Zoned(BlockNodeSpec base, ZoneSpec zones, Optional<Path> state) implements BlockNodeSpec {
        public Zoned {
            if (base instanceof Zoned) {
                throw new IllegalArgumentException("a zoned disk cannot be the base of another one");
            }
        }

        /** The file of the zones' state, if they have one. */
        Optional<Path> stateFile() {
            return state.or(() -> base instanceof Raw raw
                    ? Optional.of(raw.file().resolveSibling(raw.file().getFileName() + ".zones"))
                    : Optional.empty());
        }

        @Override
        public String driver() {
            return "zoned";
        }

        @Override
        public Optional<Raw> image() {
            return base.image();
        }
    }
}
