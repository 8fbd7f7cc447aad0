package ringside.emulator.device.blk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.ZoneCondition;
import ringside.emulator.block.ZoneError;
import ringside.emulator.block.ZoneModel;
import ringside.emulator.block.ZonedStorage;

/** The requests of zoned devices (VIRTIO-1.4 §5.2.6). One per queue, in the context of its loop. Does not allocate. */
final class BlkZones {
    private static final int Z_CAP = 0;
    private static final int Z_START = 8;
    private static final int Z_WP = 16;
    private static final int Z_TYPE = 24;
    private static final int Z_STATE = 25;

    private static final byte VIRTIO_BLK_ZT_CONV = 1;
    private static final byte VIRTIO_BLK_ZT_SWR = 2;
    private static final byte VIRTIO_BLK_ZT_SWP = 3;

    private final BlkDiskState disk;
    private final ZonedStorage zones;
    private final BlockBackend backend;
    private final BlkRequestParser parser;
    private final BlkQueue queue;
    private final byte[] record = new byte[BlkConstants.ZONE_DESCRIPTOR_BYTES];
    private final ByteBuffer recordView = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);

    BlkZones(BlkDiskState disk, BlockBackend backend, BlkRequestParser parser, BlkQueue queue) {
        this.disk = disk;
        this.zones = disk.zones.orElse(null);
        this.backend = backend;
        this.parser = parser;
        this.queue = queue;
    }

    void execute(BlkRequest request) {
        if (zones == null || !disk.has(BlkConstants.VIRTIO_BLK_F_ZONED)) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_UNSUPP);
        } else if (request.type == BlkConstants.VIRTIO_BLK_T_ZONE_REPORT) {
            report(request);
        } else if (disk.readOnly) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_IOERR);
        } else if (request.type == BlkConstants.VIRTIO_BLK_T_ZONE_APPEND) {
            append(request);
        } else {
            manage(request);
        }
    }

    private void manage(BlkRequest request) {
        BlockOp op = opOf(request.type);
        // The sector of RESET_ALL is not used.
        long sector = op == BlockOp.ZONE_RESET_ALL ? 0 : request.sector;
        if (!disk.contains(sector, 1)) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_ZONE_INVALID_CMD);
            return;
        }
        BlockRequest block = request.block;
        block.op = op;
        block.offsetBytes = sector << BlkConstants.SECTOR_SHIFT;
        block.lengthBytes = 0;
        block.segmentCount = 0;
        block.fua = !disk.writeback;
        backend.submit(block);
    }

    private static BlockOp opOf(int type) {
        return switch (type) {
            case BlkConstants.VIRTIO_BLK_T_ZONE_OPEN -> BlockOp.ZONE_OPEN;
            case BlkConstants.VIRTIO_BLK_T_ZONE_CLOSE -> BlockOp.ZONE_CLOSE;
            case BlkConstants.VIRTIO_BLK_T_ZONE_FINISH -> BlockOp.ZONE_FINISH;
            case BlkConstants.VIRTIO_BLK_T_ZONE_RESET -> BlockOp.ZONE_RESET;
            default -> BlockOp.ZONE_RESET_ALL;
        };
    }

    private void append(BlkRequest request) {
        int status = judgeAppend(request);
        if (status != BlkConstants.VIRTIO_BLK_S_OK) {
            queue.refuse(request, status);
            return;
        }
        BlockRequest block = request.block;
        block.op = BlockOp.ZONE_APPEND;
        block.offsetBytes = request.sector << BlkConstants.SECTOR_SHIFT;
        block.lengthBytes = request.dataOutBytes;
        block.fua = !disk.writeback;
        block.segmentAddress = request.chain.addresses();
        block.segmentBytes = request.chain.lengths();
        block.segmentFirst = request.dataFirst;
        block.segmentCount = request.dataCount;
        backend.submit(block);
    }

    private int judgeAppend(BlkRequest request) {
        long bytes = request.dataOutBytes;
        long maxBytes = zones.spec().maxAppendBytes();
        if (maxBytes == 0) {
            return BlkConstants.VIRTIO_BLK_S_UNSUPP;
        }
        boolean noPlaceForTheAnswer = request.dataInBytes < BlkConstants.APPEND_SECTOR_BYTES;
        if (noPlaceForTheAnswer || !disk.wholeBlocks(0, bytes)) {
            return BlkConstants.VIRTIO_BLK_S_IOERR;
        }
        if (bytes == 0 || bytes > maxBytes || !disk.contains(request.sector, 1)) {
            return BlkConstants.VIRTIO_BLK_S_ZONE_INVALID_CMD;
        }
        return bytes % zones.writeGranularityBytes() == 0
                ? BlkConstants.VIRTIO_BLK_S_OK
                : BlkConstants.VIRTIO_BLK_S_ZONE_UNALIGNED_WP;
    }

    /**
     * An append succeeded: tells where, in the first writable bytes. By the specification the status follows at once; Linux
     * pads its structure (struct virtblk_req, 6.3 and later), so that the status is 7 bytes further on.
     */
    void appended(BlkRequest request) {
        recordView.putLong(0, request.block.appendedAtBytes >> BlkConstants.SECTOR_SHIFT);
        parser.scatter(request, record, BlkConstants.APPEND_SECTOR_BYTES, 0);
        boolean statusFollows = request.dataInBytes == BlkConstants.APPEND_SECTOR_BYTES;
        int used = BlkConstants.APPEND_SECTOR_BYTES + (statusFollows ? 1 : 0);
        queue.finish(request, BlkConstants.VIRTIO_BLK_S_OK, used);
    }

    /** The status of an error of the block layer; a driver that knows nothing of zones gets an I/O error. */
    int statusOf(int error) {
        if (!ZoneError.is(error) || !disk.has(BlkConstants.VIRTIO_BLK_F_ZONED)) {
            return BlkConstants.VIRTIO_BLK_S_IOERR;
        }
        return switch (error) {
            case ZoneError.UNALIGNED_WRITE -> BlkConstants.VIRTIO_BLK_S_ZONE_UNALIGNED_WP;
            case ZoneError.TOO_MANY_OPEN -> BlkConstants.VIRTIO_BLK_S_ZONE_OPEN_RESOURCE;
            case ZoneError.TOO_MANY_ACTIVE -> BlkConstants.VIRTIO_BLK_S_ZONE_ACTIVE_RESOURCE;
            default -> BlkConstants.VIRTIO_BLK_S_ZONE_INVALID_CMD;
        };
    }

    /** As many zones as the buffer takes, from the one that holds the sector on. */
    private void report(BlkRequest request) {
        long room = request.dataInBytes - BlkConstants.ZONE_REPORT_HEADER_BYTES;
        if (room < 0 || !disk.contains(request.sector, 1)) {
            queue.refuse(request, BlkConstants.VIRTIO_BLK_S_ZONE_INVALID_CMD);
            return;
        }
        int first = (int)
                ((request.sector << BlkConstants.SECTOR_SHIFT) / zones.spec().zoneBytes());
        int count = (int) Math.min(room / BlkConstants.ZONE_DESCRIPTOR_BYTES, zones.zones() - first);
        Arrays.fill(record, (byte) 0);
        recordView.putLong(0, count);
        parser.scatter(request, record, record.length, 0);
        long at = BlkConstants.ZONE_REPORT_HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            describe(first + i);
            parser.scatter(request, record, record.length, at);
            at += record.length;
        }
        int used = (int) at + (at == request.dataInBytes ? 1 : 0);
        queue.finish(request, BlkConstants.VIRTIO_BLK_S_OK, used);
    }

    private void describe(int zone) {
        Arrays.fill(record, (byte) 0);
        recordView.putLong(Z_CAP, zones.capacityBytes(zone) >> BlkConstants.SECTOR_SHIFT);
        recordView.putLong(Z_START, zones.startBytes(zone) >> BlkConstants.SECTOR_SHIFT);
        recordView.putLong(Z_WP, zones.writePointerBytes(zone) >> BlkConstants.SECTOR_SHIFT);
        recordView.put(Z_TYPE, type(zone));
        recordView.put(Z_STATE, state(zones.condition(zone)));
    }

    private byte type(int zone) {
        if (!zones.sequential(zone)) {
            return VIRTIO_BLK_ZT_CONV;
        }
        return zones.spec().model() == ZoneModel.HOST_MANAGED ? VIRTIO_BLK_ZT_SWR : VIRTIO_BLK_ZT_SWP;
    }

    /** VIRTIO_BLK_ZS_NOT_WP, _EMPTY, _IOPEN, _EOPEN, _CLOSED, _FULL, _RDONLY, _OFFLINE. */
    private static byte state(ZoneCondition condition) {
        return switch (condition) {
            case NOT_WP -> 0;
            case EMPTY -> 1;
            case IMPLICIT_OPEN -> 2;
            case EXPLICIT_OPEN -> 3;
            case CLOSED -> 4;
            case READ_ONLY -> 13;
            case FULL -> 14;
            case OFFLINE -> 15;
        };
    }
}
