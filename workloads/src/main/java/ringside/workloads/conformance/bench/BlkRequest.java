package ringside.workloads.conformance.bench;

import java.util.List;

/**
 * A virtio-blk request in guest memory (VIRTIO-1.2 §5.2.6).
 *
 * @param ram where it lies
 * @param headerGpa 16 bytes: type, reserved, sector
 * @param dataGpa data or segments
 * @param dataBytes how many
 * @param statusGpa one byte
 * @param buffers the elements of the request
 */
public record BlkRequest(
        RawRam ram, long headerGpa, long dataGpa, int dataBytes, long statusGpa, List<Buffer> buffers) {
    public static final int IN = 0;
    public static final int OUT = 1;
    public static final int FLUSH = 4;
    public static final int GET_ID = 8;
    public static final int GET_LIFETIME = 10;
    public static final int DISCARD = 11;
    public static final int WRITE_ZEROES = 13;
    public static final int SECURE_ERASE = 14;
    /** No type of this number exists. */
    public static final int UNKNOWN = 0x7777;

    public static final int OK = 0;
    public static final int IOERR = 1;
    public static final int UNSUPP = 2;
    /** What the status byte holds before the device writes it. */
    public static final int UNTOUCHED = 0xee;

    public static final int HEADER_BYTES = 16;
    public static final int SECTOR_BYTES = 512;

    public BlkRequest {
        buffers = List.copyOf(buffers);
    }

    /** The status byte. */
    public int status() {
        return ram.u8(statusGpa);
    }

    /** The data. */
    public byte[] data() {
        return ram.bytes(dataGpa, dataBytes);
    }

    /** The same request with its elements cut otherwise. */
    public BlkRequest with(List<Buffer> others) {
        return new BlkRequest(ram, headerGpa, dataGpa, dataBytes, statusGpa, others);
    }

    /** Name of a status for evidence. */
    public static String statusName(int status) {
        return switch (status) {
            case OK -> "OK";
            case IOERR -> "IOERR";
            case UNSUPP -> "UNSUPP";
            case UNTOUCHED -> "not written";
            default -> "0x" + Integer.toHexString(status);
        };
    }
}
