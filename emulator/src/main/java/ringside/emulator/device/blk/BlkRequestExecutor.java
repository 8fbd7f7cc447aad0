package ringside.emulator.device.blk;

import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;

/**
 * Judges a parsed request and turns it into a block request, or refuses it with the status that the specification (or,
 * where it is silent, QEMU) gives. One per queue, in the context of its loop.
 */
final class BlkRequestExecutor {
    private final BlkDiskState disk;
    private final BlockBackend backend;
    private final BlkRequestParser parser;
    private final BlkQueue queue;
    private final BlkRanges ranges;
    private final BlkZones zones;

    BlkRequestExecutor(BlkDiskState disk, BlockBackend backend, BlkRequestParser parser, BlkQueue queue) {
        this.disk = disk;
        this.backend = backend;
        this.parser = parser;
        this.queue = queue;
        this.ranges = new BlkRanges(disk, backend, parser, queue);
        this.zones = new BlkZones(disk, backend, parser, queue);
    }

    void execute(BlkRequest request) {
        switch (request.type) {
            case BlkConstants.VIRTIO_BLK_T_IN -> transfer(request, BlockOp.READ, request.dataInBytes);
            case BlkConstants.VIRTIO_BLK_T_OUT -> write(request);
            case BlkConstants.VIRTIO_BLK_T_FLUSH -> flush(request);
            default -> executeRare(request);
        }
    }

    private void executeRare(BlkRequest request) {
        switch (request.type) {
            case BlkConstants.VIRTIO_BLK_T_GET_ID -> answer(request, disk.serial);
            case BlkConstants.VIRTIO_BLK_T_GET_LIFETIME -> getLifetime(request);
            case BlkConstants.VIRTIO_BLK_T_DISCARD -> ranges.execute(request, BlockOp.DISCARD);
            case BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES -> ranges.execute(request, BlockOp.WRITE_ZEROES);
            case BlkConstants.VIRTIO_BLK_T_SECURE_ERASE -> ranges.execute(request, BlockOp.SECURE_ERASE);
            case BlkConstants.VIRTIO_BLK_T_ZONE_APPEND,
                    BlkConstants.VIRTIO_BLK_T_ZONE_REPORT,
                    BlkConstants.VIRTIO_BLK_T_ZONE_OPEN,
                    BlkConstants.VIRTIO_BLK_T_ZONE_CLOSE,
                    BlkConstants.VIRTIO_BLK_T_ZONE_FINISH,
                    BlkConstants.VIRTIO_BLK_T_ZONE_RESET,
                    BlkConstants.VIRTIO_BLK_T_ZONE_RESET_ALL -> zones.execute(request);
            default -> queue.refuse(request, BlkConstants.VIRTIO_BLK_S_UNSUPP);
        }
    }

    /** Whether a request whose block request ended well has more to do, and now does it. */
    boolean goesOn(BlkRequest request) {
        return switch (request.block.op) {
            case DISCARD, WRITE_ZEROES, SECURE_ERASE -> ranges.submitNext(request);
            case ZONE_APPEND -> {
                zones.appended(request);
                yield true;
            }
            default -> false;
        };
    }

    /** The status of an error of the block layer. */
    int statusOf(int error) {
        return zones.statusOf(error);
    }

    private void write(BlkRequest request) {
        if (disk.readOnly) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_IOERR);
        } else {
            transfer(request, BlockOp.WRITE, request.dataOutBytes);
        }
    }

    private void transfer(BlkRequest request, BlockOp op, long lengthBytes) {
        if (!disk.allows(request.sector, lengthBytes)) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_IOERR);
            return;
        }
        if (lengthBytes == 0) {
            queue.finish(request, BlkConstants.VIRTIO_BLK_S_OK, BlkQueue.statusOnly(request));
            return;
        }
        BlockRequest block = request.block;
        block.op = op;
        block.offsetBytes = request.sector << BlkConstants.SECTOR_SHIFT;
        block.lengthBytes = lengthBytes;
        block.fua = op == BlockOp.WRITE && !disk.writeback;
        block.segmentAddress = request.chain.addresses();
        block.segmentBytes = request.chain.lengths();
        block.segmentFirst = request.dataFirst;
        block.segmentCount = request.dataCount;
        backend.submit(block);
    }

    /** The sector of a FLUSH is ignored. A read-only disk has nothing to flush but says yes, as QEMU does. */
    private void flush(BlkRequest request) {
        BlockRequest block = request.block;
        block.op = BlockOp.FLUSH;
        block.offsetBytes = 0;
        block.lengthBytes = 0;
        block.segmentCount = 0;
        block.fua = false;
        backend.submit(block);
    }

    private void getLifetime(BlkRequest request) {
        if (disk.has(BlkConstants.VIRTIO_BLK_F_LIFETIME)) {
            answer(request, disk.lifetime);
        } else {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_UNSUPP);
        }
    }

    /** Fills the buffer with as much of the answer as it takes. */
    private void answer(BlkRequest request, byte[] content) {
        int written = parser.scatter(request, content);
        // The status byte follows the answer directly only when the buffer was exactly as long.
        int used = written == request.dataInBytes ? written + 1 : written;
        queue.finish(request, BlkConstants.VIRTIO_BLK_S_OK, used);
    }
}
