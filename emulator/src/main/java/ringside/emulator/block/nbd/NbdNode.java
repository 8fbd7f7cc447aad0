package ringside.emulator.block.nbd;

import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockStatus;
import ringside.emulator.block.NbdSpec;

/** A disk of an NBD server. */
public final class NbdNode implements BlockNode {
    private static final int SECTOR_BYTES = 512;
    private static final long MAX_RANGE_BYTES = 1 << 30;

    private final NbdSpec spec;
    private final NbdClient client;
    private final NbdFile file;

    private NbdNode(NbdSpec spec, NbdClient client) {
        this.spec = spec;
        this.client = client;
        this.file = new NbdFile(client);
    }

    /**
     * Connects to the server.
     *
     * @throws IllegalArgumentException when it is not there or has no such export: one line
     */
    public static NbdNode open(NbdSpec spec) {
        NbdClient client = new NbdClient(spec);
        boolean refusesWrites = client.export().has(Nbd.SEND_READ_ONLY) && !spec.readOnly();
        if (refusesWrites) {
            client.close();
            throw new IllegalArgumentException(
                    "nbd: " + spec.server() + ": the server does not let the export be written: give read-only=on");
        }
        return new NbdNode(spec, client);
    }

    /** Half a sector at the end cannot be part of a disk. */
    @Override
    public long lengthBytes() {
        return client.export().sizeBytes() / SECTOR_BYTES * SECTOR_BYTES;
    }

    @Override
    public boolean readOnly() {
        return spec.readOnly();
    }

    @Override
    public boolean writeback() {
        return true;
    }

    @Override
    public int physicalBlockBytes() {
        return Math.max(SECTOR_BYTES, client.export().minBlockBytes());
    }

    @Override
    public boolean unmaps() {
        return client.export().has(Nbd.SEND_TRIM) && !spec.readOnly();
    }

    @Override
    public String description() {
        return "driver=nbd,server=%s,export=%s,read-only=%s,reconnect-delay=%d"
                .formatted(spec.server(), spec.export(), spec.readOnly() ? "on" : "off", spec.reconnectDelaySeconds());
    }

    @Override
    public BlockFile file() {
        return file;
    }

    @Override
    public BlockStatus status(long offsetBytes, long lengthBytes) {
        int block = client.export().minBlockBytes();
        long most = Math.min(Math.min(lengthBytes, MAX_RANGE_BYTES), this.lengthBytes() - offsetBytes) / block * block;
        boolean known = client.export().allocationContext() >= 0 && most > 0 && offsetBytes % block == 0;
        if (!known) {
            return BlockStatus.data(lengthBytes, offsetBytes);
        }
        NbdOp answer = file.call(Nbd.CMD_BLOCK_STATUS, Nbd.CMD_FLAG_REQ_ONE, offsetBytes, most, 0);
        long length = Math.min(Integer.toUnsignedLong(answer.extentBytes), most);
        return (answer.extentState & Nbd.STATE_ZERO) != 0
                ? BlockStatus.zero(length)
                : BlockStatus.data(length, offsetBytes);
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new NbdBackend(client, context.loop());
    }

    @Override
    public void close() {
        client.close();
    }
}
