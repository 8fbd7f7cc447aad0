package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;

/**
 * DISCARD, WRITE_ZEROES and SECURE_ERASE: lists of ranges (VIRTIO-1.2 §5.2.6). The list is copied out of guest memory once
 * and judged as a whole before anything happens; then the ranges go to the block layer one after the other. One per
 * queue, in the context of its loop.
 */
final class BlkRanges {
    private static final int NUM_SECTORS = 8;
    private static final int FLAGS = 12;

    private final BlkDiskState disk;
    private final BlockBackend backend;
    private final BlkRequestParser parser;
    private final BlkQueue queue;
    private final byte[] list;
    private final ByteBuffer listView;

    BlkRanges(BlkDiskState disk, BlockBackend backend, BlkRequestParser parser, BlkQueue queue) {
        this.disk = disk;
        this.backend = backend;
        this.parser = parser;
        this.queue = queue;
        this.list = new byte[BlkConstants.RANGE_BYTES * disk.options.maxRanges()];
        this.listView = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
    }

    void execute(BlkRequest request, BlockOp op) {
        if (!disk.has(featureOf(op))) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_UNSUPP);
            return;
        }
        long bytes = request.dataOutBytes;
        boolean whole = bytes > 0 && bytes <= list.length && bytes % BlkConstants.RANGE_BYTES == 0;
        if (disk.readOnly || !whole) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_IOERR);
            return;
        }
        parser.gather(request, list, (int) bytes);
        int count = (int) bytes / BlkConstants.RANGE_BYTES;
        int flags = op == BlockOp.WRITE_ZEROES ? BlkConstants.VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP : 0;
        int status =
                judge(count, flags, op == BlockOp.SECURE_ERASE ? disk.maxEraseSectors : disk.options.maxRangeSectors());
        if (status == BlkConstants.VIRTIO_BLK_S_OK) {
            start(request, op, count);
        } else {
            queue.refuse(request, status);
        }
    }

    private static long featureOf(BlockOp op) {
        return switch (op) {
            case DISCARD -> BlkConstants.VIRTIO_BLK_F_DISCARD;
            case SECURE_ERASE -> BlkConstants.VIRTIO_BLK_F_SECURE_ERASE;
            default -> BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES;
        };
    }

    private int judge(int count, int allowedFlags, int maxSectors) {
        for (int i = 0; i < count; i++) {
            if ((flags(i) & ~allowedFlags) != 0) {
                return BlkConstants.VIRTIO_BLK_S_UNSUPP;
            }
        }
        for (int i = 0; i < count; i++) {
            long sectors = sectors(i);
            boolean allowed = sectors <= maxSectors
                    && disk.contains(sector(i), sectors)
                    && disk.wholeBlocks(sector(i), sectors << BlkConstants.SECTOR_SHIFT);
            if (!allowed) {
                return BlkConstants.VIRTIO_BLK_S_IOERR;
            }
        }
        return BlkConstants.VIRTIO_BLK_S_OK;
    }

    private long sector(int index) {
        return listView.getLong(index * BlkConstants.RANGE_BYTES);
    }

    private long sectors(int index) {
        return Integer.toUnsignedLong(listView.getInt(index * BlkConstants.RANGE_BYTES + NUM_SECTORS));
    }

    private int flags(int index) {
        return listView.getInt(index * BlkConstants.RANGE_BYTES + FLAGS);
    }

    private void start(BlkRequest request, BlockOp op, int count) {
        request.block.op = op;
        request.block.segmentCount = 0;
        RangeList ranges = request.ranges();
        ranges.clear();
        for (int i = 0; i < count; i++) {
            if (sectors(i) > 0) {
                ranges.add(sector(i), sectors(i), flags(i));
            }
        }
        if (!submitNext(request)) {
            queue.finish(request, BlkConstants.VIRTIO_BLK_S_OK, BlkQueue.statusOnly(request));
        }
    }

    /** Submits the next range of a request; returns false when there is none. */
    boolean submitNext(BlkRequest request) {
        RangeList ranges = request.ranges();
        if (!ranges.next()) {
            return false;
        }
        BlockRequest block = request.block;
        block.offsetBytes = ranges.sector() << BlkConstants.SECTOR_SHIFT;
        block.lengthBytes = ranges.sectors() << BlkConstants.SECTOR_SHIFT;
        block.mayUnmap = (ranges.flags() & BlkConstants.VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP) != 0;
        block.fua = block.op == BlockOp.WRITE_ZEROES && !disk.writeback;
        backend.submit(block);
        return true;
    }
}
