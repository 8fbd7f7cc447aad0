package ringside.emulator.vhostuser.server;

import java.lang.foreign.MemorySegment;
import ringside.emulator.ffi.Errno;
import ringside.emulator.ffi.LibC;
import ringside.emulator.ffi.NativeException;
import ringside.emulator.localsocket.PeerException;
import ringside.emulator.memory.SharedFile;
import ringside.emulator.vhostuser.VhostUserMessage;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * The shared memory in which the queues record what is in flight. Made by the back-end, kept by the front-end, given back
 * to the next back-end. Control thread only.
 */
final class InflightArea implements AutoCloseable {
    /** Size and offset of the mapping, number of queues and queue size. */
    private static final int MESSAGE_BYTES = 20;

    private static final int QUEUES_AT = 16;
    private final SharedFile file;
    private final int queues;
    private final int queueSize;
    private final boolean packed;

    private InflightArea(SharedFile file, int queues, int queueSize, boolean packed) {
        this.file = file;
        this.queues = queues;
        this.queueSize = queueSize;
        this.packed = packed;
    }

    /** GET_INFLIGHT_FD: makes an area and answers with it. */
    static InflightArea create(VhostUserMessage message, Limits limits, Reply reply) {
        int queues = queues(message, limits);
        int queueSize = queueSize(message, limits);
        long bytes = queues * VirtqueueConfig.inflightBytes(limits.packed(), queueSize);
        int fd = LibC.memfdCreate("ringside-inflight", 0);
        int result = fd < 0 ? fd : LibC.ftruncate(fd, bytes);
        if (result < 0) {
            if (fd >= 0) {
                LibC.close(fd);
            }
            throw new NativeException("cannot make an in-flight area: " + Errno.describe(-result), -result);
        }
        try {
            InflightArea area = new InflightArea(SharedFile.map(fd, 0, bytes), queues, queueSize, limits.packed());
            int payloadBytes = (int) message.payloadBytes();
            message.reply(payloadBytes)
                    .u64(0, bytes)
                    .u64(8, 0)
                    .u32(QUEUES_AT, queues | queueSize << 16)
                    .attachFd(fd);
            reply.send();
            return area;
        } finally {
            LibC.close(fd);
        }
    }

    /** SET_INFLIGHT_FD: takes up the area of an earlier back-end. */
    static InflightArea adopt(VhostUserMessage message, Limits limits) {
        int queues = queues(message, limits);
        int queueSize = queueSize(message, limits);
        long bytes = queues * VirtqueueConfig.inflightBytes(limits.packed(), queueSize);
        if (message.fdCount() != 1) {
            throw new PeerException("an in-flight area needs one descriptor, not " + message.fdCount());
        }
        if (message.u64(0) < bytes) {
            throw new PeerException("an in-flight area of " + message.u64(0) + " bytes is too small for " + queues
                    + " queues of " + queueSize + " entries");
        }
        int fd = message.takeFd(0);
        try {
            return new InflightArea(SharedFile.map(fd, message.u64(8), bytes), queues, queueSize, limits.packed());
        } finally {
            LibC.close(fd);
        }
    }

    private static int queues(VhostUserMessage message, Limits limits) {
        if (message.payloadBytes() < MESSAGE_BYTES) {
            throw new PeerException(
                    "an in-flight message has " + MESSAGE_BYTES + " bytes, not " + message.payloadBytes());
        }
        int queues = message.u32(QUEUES_AT) & 0xffff;
        if (queues < 1 || queues > limits.queues()) {
            throw new PeerException("an in-flight area is for 1 to " + limits.queues() + " queues, not " + queues);
        }
        return queues;
    }

    private static int queueSize(VhostUserMessage message, Limits limits) {
        int queueSize = message.u32(QUEUES_AT) >>> 16;
        if (queueSize < 1 || queueSize > limits.queueSize()) {
            throw new PeerException(
                    "an in-flight area is for queues of 1 to " + limits.queueSize() + " entries, not " + queueSize);
        }
        return queueSize;
    }

    /** The record of a queue; null when the area has no room for it, or is for rings of the other format. */
    MemorySegment record(int queue, int ringSize, boolean ofPacked) {
        if (queue >= queues || ringSize > queueSize || ofPacked != packed) {
            return null;
        }
        long bytes = VirtqueueConfig.inflightBytes(packed, queueSize);
        return file.segment().asSlice(queue * bytes, bytes);
    }

    @Override
    public void close() {
        file.close();
    }

    /** What the device allows, and the format of rings that was negotiated. */
    record Limits(int queues, int queueSize, boolean packed) {}

    /** Sends the message that was prepared as a reply. */
    interface Reply {
        void send();
    }
}
