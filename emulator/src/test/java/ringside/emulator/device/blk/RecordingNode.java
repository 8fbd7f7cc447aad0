package ringside.emulator.device.blk;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.block.StorageLifetime;
import ringside.emulator.block.ZonedStorage;
import ringside.emulator.ffi.NativeMemory;

/** A disk in native memory that writes down every request and completes it at once or when the test says so. */
public final class RecordingNode implements BlockNode, BlockBackend {
    /** What was submitted. */
    public record Seen(BlockOp op, long offsetBytes, long lengthBytes, boolean fua, boolean mayUnmap, int segments) {}

    private static final byte[] ORIGINAL = new byte[1 << 20];

    static {
        for (int i = 0; i < ORIGINAL.length; i++) {
            ORIGINAL[i] = original(i);
        }
    }

    public final List<Seen> seen = new ArrayList<>();
    private final Deque<BlockRequest> waiting = new ArrayDeque<>();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment content;
    private final boolean readOnly;
    private final boolean writeback;
    /** What the node says of itself. */
    public boolean unmaps = true;

    public boolean erases;
    public Optional<StorageLifetime> lifetime = Optional.empty();
    public Optional<ZonedStorage> zones = Optional.empty();
    private long lengthBytes;
    private boolean hold;
    private int error;

    public RecordingNode(long lengthBytes, boolean readOnly, boolean writeback) {
        this.content = arena.allocate(lengthBytes, 4096);
        this.lengthBytes = lengthBytes;
        this.readOnly = readOnly;
        this.writeback = writeback;
        MemorySegment.copy(ORIGINAL, 0, content, ValueLayout.JAVA_BYTE, 0, (int) lengthBytes);
    }

    /** What the disk holds at an offset before any write; never 0. */
    public static byte original(long offset) {
        return (byte) (1 + offset * 7 % 251);
    }

    /** From now on requests wait for {@link #completeOne}. */
    public void hold() {
        hold = true;
    }

    /** From now on requests end with this errno; 0 for success. */
    public void fail(int errno) {
        error = errno;
    }

    public int waiting() {
        return waiting.size();
    }

    /** Ends the oldest waiting request. */
    public void completeOne() {
        end(waiting.remove());
    }

    public byte[] bytes(long offset, int count) {
        return content.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void submit(BlockRequest request) {
        seen.add(new Seen(
                request.op,
                request.offsetBytes,
                request.lengthBytes,
                request.fua,
                request.mayUnmap,
                request.segmentCount));
        if (hold) {
            waiting.add(request);
        } else {
            end(request);
        }
    }

    private void end(BlockRequest request) {
        if (error == 0) {
            switch (request.op) {
                case READ, WRITE -> copy(request);
                case WRITE_ZEROES, SECURE_ERASE ->
                    content.asSlice(request.offsetBytes, request.lengthBytes).fill((byte) 0);
                case ZONE_APPEND -> request.appendedAtBytes = request.offsetBytes + 8192;
                default -> {
                    // Nothing to see on this disk.
                }
            }
        }
        request.completion.completed(request, error);
    }

    private void copy(BlockRequest request) {
        long at = request.offsetBytes;
        for (int i = request.segmentFirst; i < request.segmentFirst + request.segmentCount; i++) {
            long bytes = request.segmentBytes[i];
            MemorySegment guest = NativeMemory.view(request.segmentAddress[i], bytes);
            if (request.op == BlockOp.READ) {
                MemorySegment.copy(content, at, guest, 0, bytes);
            } else {
                MemorySegment.copy(guest, 0, content, at, bytes);
            }
            at += bytes;
        }
        if (at != request.offsetBytes + request.lengthBytes) {
            throw new IllegalStateException("segments and length disagree");
        }
    }

    @Override
    public void commit() {
        // Nothing is batched.
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    /** Within what was allocated. */
    @Override
    public void resize(long bytes) {
        if (!waiting.isEmpty()) {
            throw new IllegalStateException("resized with requests in flight");
        }
        if (bytes > content.byteSize()) {
            throw new IllegalArgumentException("only " + content.byteSize() + " bytes are there");
        }
        lengthBytes = bytes;
    }

    @Override
    public boolean unmaps() {
        return unmaps;
    }

    @Override
    public boolean erases() {
        return erases;
    }

    @Override
    public Optional<ZonedStorage> zones() {
        return zones;
    }

    @Override
    public Optional<StorageLifetime> lifetime() {
        return lifetime;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public boolean writeback() {
        return writeback;
    }

    @Override
    public int physicalBlockBytes() {
        return 4096;
    }

    @Override
    public String description() {
        return "driver=recording";
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return this;
    }

    @Override
    public void close() {
        arena.close();
    }
}
