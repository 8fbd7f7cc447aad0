package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private final byte[] range = new byte[BlkConstants.RANGE_BYTES];
    private final ByteBuffer rangeView = ByteBuffer.wrap(range).order(ByteOrder.LITTLE_ENDIAN);

    BlkRequestExecutor(BlkDiskState disk, BlockBackend backend, BlkRequestParser parser, BlkQueue queue) {
        this.disk = disk;
        this.backend = backend;
        this.parser = parser;
        this.queue = queue;
    }

    void execute(BlkRequest request) {
        switch (request.type) {
            case BlkConstants.VIRTIO_BLK_T_IN -> transfer(request, BlockOp.READ, request.dataInBytes);
            case BlkConstants.VIRTIO_BLK_T_OUT -> write(request);
            case BlkConstants.VIRTIO_BLK_T_FLUSH -> flush(request);
            case BlkConstants.VIRTIO_BLK_T_GET_ID -> getId(request);
            case BlkConstants.VIRTIO_BLK_T_DISCARD ->
                range(request, BlockOp.DISCARD, BlkConstants.VIRTIO_BLK_F_DISCARD, 0);
            case BlkConstants.VIRTIO_BLK_T_WRITE_ZEROES ->
                range(
                        request,
                        BlockOp.WRITE_ZEROES,
                        BlkConstants.VIRTIO_BLK_F_WRITE_ZEROES,
                        BlkConstants.VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP);
            default -> queue.refuse(request, BlkConstants.VIRTIO_BLK_S_UNSUPP);
        }
    }

    private void write(BlkRequest request) {
        if (disk.readOnly) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_IOERR);
        } else {
            transfer(request, BlockOp.WRITE, request.dataOutBytes);
        }
    }

    private void transfer(BlkRequest request, BlockOp op, long lengthBytes) {
        boolean wholeSectors = lengthBytes % BlkConstants.SECTOR_BYTES == 0;
        if (!wholeSectors || !disk.contains(request.sector, lengthBytes >> BlkConstants.SECTOR_SHIFT)) {
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

    private void getId(BlkRequest request) {
        int written = parser.scatter(request, disk.serial);
        // The status byte follows the string directly only when the buffer was exactly as long.
        int used = written == request.dataInBytes ? written + 1 : written;
        queue.finish(request, BlkConstants.VIRTIO_BLK_S_OK, used);
    }

    /** DISCARD and WRITE_ZEROES: one range of 16 bytes, as QEMU offers (VIRTIO-1.2 §5.2.6.2). */
    private void range(BlkRequest request, BlockOp op, long feature, int allowedFlags) {
        if (!disk.has(feature)) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_UNSUPP);
            return;
        }
        if (disk.readOnly || request.dataOutBytes != BlkConstants.RANGE_BYTES * (long) BlkConfigSpace.MAX_RANGES) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_IOERR);
            return;
        }
        parser.gather(request, range, BlkConstants.RANGE_BYTES);
        long sector = rangeView.getLong(0);
        long sectors = Integer.toUnsignedLong(rangeView.getInt(8));
        int flags = rangeView.getInt(12);
        if ((flags & ~allowedFlags) != 0) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_UNSUPP);
        } else if (sectors > BlkConfigSpace.maxRangeSectors() || !disk.contains(sector, sectors)) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_IOERR);
        } else if (sectors == 0) {
            queue.finish(request, BlkConstants.VIRTIO_BLK_S_OK, BlkQueue.statusOnly(request));
        } else {
            submitRange(request, op, sector, sectors, flags);
        }
    }

    private void submitRange(BlkRequest request, BlockOp op, long sector, long sectors, int flags) {
        BlockRequest block = request.block;
        block.op = op;
        block.offsetBytes = sector << BlkConstants.SECTOR_SHIFT;
        block.lengthBytes = sectors << BlkConstants.SECTOR_SHIFT;
        block.mayUnmap = (flags & BlkConstants.VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP) != 0;
        block.fua = op == BlockOp.WRITE_ZEROES && !disk.writeback;
        block.segmentCount = 0;
        backend.submit(block);
    }
}
