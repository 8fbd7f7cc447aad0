package ringside.emulator.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a virtio-blk device does with one request, written from VIRTIO-1.2 §5.2.6 over {@link SplitModel}. Its disk is an
 * array of its own. Each request becomes a status at once, or work for the disk that is carried out when the target says
 * how it ended.
 */
final class BlkModel {
    static final int OK = 0;
    static final int IOERR = 1;
    static final int UNSUPP = 2;

    private static final int SECTOR = 512;
    private static final int HEADER = 16;
    private static final int RANGE = 16;

    private final Twin memory;
    private final Disk disk;
    private final byte[] content;

    /** What is fixed, and what was negotiated. */
    record Disk(boolean readOnly, boolean discard, boolean writeZeroes, int maxRanges, long maxSectors, byte[] id) {}

    /** Work for the disk. */
    enum Work {
        NONE,
        READ,
        WRITE,
        FLUSH,
        DISCARD,
        WRITE_ZEROES
    }

    /** A range of the disk in sectors. */
    record Range(long sector, long sectors) {}

    /** A request on its way: buffers, what is to be done, and the status if nothing is. */
    record Request(int head, List<RingModel.Buffer> buffers, Work work, List<Range> ranges, int status, int written) {
        boolean waits() {
            return work != Work.NONE;
        }
    }

    BlkModel(Twin memory, Disk disk, byte[] content) {
        this.memory = memory;
        this.disk = disk;
        this.content = content;
    }

    /** Judges a request; empty when it has no complete header or no status byte. */
    Optional<Request> begin(int head, List<RingModel.Buffer> buffers) {
        long readable = bytes(buffers, false);
        long writable = bytes(buffers, true);
        if (readable < HEADER || writable < 1) {
            return Optional.empty();
        }
        long sector = number(buffers, 8, 8);
        long out = readable - HEADER;
        long in = writable - 1;
        return Optional.of(
                switch ((int) number(buffers, 0, 4)) {
                    case 0 -> transfer(head, buffers, Work.READ, sector, in);
                    case 1 ->
                        disk.readOnly()
                                ? refuse(head, buffers, IOERR)
                                : transfer(head, buffers, Work.WRITE, sector, out);
                    case 4 -> new Request(head, buffers, Work.FLUSH, List.of(), OK, 0);
                    case 8 -> new Request(head, buffers, Work.NONE, List.of(), OK, putId(buffers, in));
                    case 11 -> ranges(head, buffers, Work.DISCARD, disk.discard(), out);
                    case 13 -> ranges(head, buffers, Work.WRITE_ZEROES, disk.writeZeroes(), out);
                    default -> refuse(head, buffers, UNSUPP);
                });
    }

    private static Request refuse(int head, List<RingModel.Buffer> buffers, int status) {
        return new Request(head, buffers, Work.NONE, List.of(), status, 0);
    }

    private Request transfer(int head, List<RingModel.Buffer> buffers, Work work, long sector, long bytes) {
        if (bytes % SECTOR != 0 || !onDisk(sector, bytes / SECTOR)) {
            return refuse(head, buffers, IOERR);
        }
        Work todo = bytes == 0 ? Work.NONE : work;
        return new Request(head, buffers, todo, List.of(new Range(sector, bytes / SECTOR)), OK, 0);
    }

    private boolean onDisk(long sector, long sectors) {
        long capacity = content.length / SECTOR;
        return sector >= 0 && sector <= capacity && sectors <= capacity - sector;
    }

    /** At most 20 bytes, as many as there is room for. */
    private int putId(List<RingModel.Buffer> buffers, long room) {
        int bytes = (int) Math.min(disk.id().length, room);
        for (int i = 0; i < bytes; i++) {
            memory.put8(at(buffers, true, i), disk.id()[i]);
        }
        return bytes;
    }

    /** Not offered or not negotiated: unsupported. Flags come before limits, and all ranges before any work. */
    private Request ranges(int head, List<RingModel.Buffer> buffers, Work work, boolean negotiated, long bytes) {
        if (!negotiated) {
            return refuse(head, buffers, UNSUPP);
        }
        if (disk.readOnly() || bytes == 0 || bytes % RANGE != 0 || bytes / RANGE > disk.maxRanges()) {
            return refuse(head, buffers, IOERR);
        }
        List<Range> wanted = new ArrayList<>();
        boolean unknownFlags = false;
        boolean impossible = false;
        for (int at = HEADER; at < HEADER + bytes; at += RANGE) {
            Range range = new Range(number(buffers, at, 8), number(buffers, at + 8, 4));
            long flags = number(buffers, at + 12, 4);
            unknownFlags |= work == Work.DISCARD ? flags != 0 : flags > 1;
            impossible |= range.sectors() > disk.maxSectors() || !onDisk(range.sector(), range.sectors());
            if (range.sectors() > 0) {
                wanted.add(range);
            }
        }
        if (unknownFlags || impossible) {
            return refuse(head, buffers, unknownFlags ? UNSUPP : IOERR);
        }
        return new Request(head, buffers, wanted.isEmpty() ? Work.NONE : work, wanted, OK, 0);
    }

    /** Carries out what waited and writes the status; returns the used length. */
    int end(Request request, int errno) {
        int written = request.written();
        if (errno == 0) {
            for (Range range : request.ranges()) {
                written = carryOut(request, (int) range.sector() * SECTOR, (int) range.sectors() * SECTOR);
            }
        }
        int status = errno == 0 ? request.status() : IOERR;
        long writable = bytes(request.buffers(), true);
        memory.put8(at(request.buffers(), true, writable - 1), status);
        // §2.7.8.2: what was written from the first writable byte on; the status byte counts where it follows directly.
        return written == writable - 1 ? written + 1 : written;
    }

    /** Returns how many bytes were written to the guest. */
    private int carryOut(Request request, int offset, int bytes) {
        switch (request.work()) {
            case READ -> {
                int at = offset;
                for (RingModel.Buffer buffer : request.buffers()) {
                    int part = buffer.writable() ? Math.min(buffer.bytes(), offset + bytes - at) : 0;
                    memory.put(buffer.gpa(), content, at, part);
                    at += part;
                }
                return bytes;
            }
            case WRITE -> {
                int skip = HEADER;
                int at = offset;
                for (RingModel.Buffer buffer : request.buffers()) {
                    int header = Math.min(skip, buffer.bytes());
                    int part = buffer.writable() ? 0 : buffer.bytes() - header;
                    memory.get(buffer.gpa() + header, content, at, part);
                    skip -= header;
                    at += part;
                }
            }
            case WRITE_ZEROES -> java.util.Arrays.fill(content, offset, offset + bytes, (byte) 0);
            case NONE, FLUSH, DISCARD -> {
                // Nothing to be seen.
            }
        }
        return 0;
    }

    private static long bytes(List<RingModel.Buffer> buffers, boolean writable) {
        long sum = 0;
        for (RingModel.Buffer buffer : buffers) {
            sum += buffer.writable() == writable ? buffer.bytes() : 0;
        }
        return sum;
    }

    /** Where byte n of the readable or the writable part is: the arrangement of descriptors means nothing (§2.7.4.1). */
    private static long at(List<RingModel.Buffer> buffers, boolean writable, long n) {
        long before = 0;
        for (RingModel.Buffer buffer : buffers) {
            if (buffer.writable() == writable) {
                if (n < before + buffer.bytes()) {
                    return buffer.gpa() + n - before;
                }
                before += buffer.bytes();
            }
        }
        throw new AssertionError("the model looks behind the end of a request");
    }

    /** A little-endian number of the readable part. */
    private long number(List<RingModel.Buffer> buffers, int from, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) memory.get8(at(buffers, false, from + (long) i)) << (8 * i);
        }
        return value;
    }
}
