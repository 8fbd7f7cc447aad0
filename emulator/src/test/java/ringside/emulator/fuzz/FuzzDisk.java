package ringside.emulator.fuzz;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.NativeMemory;

/** A disk that is an array. Requests end at once, or wait until the target ends them in any order with any errno. */
public final class FuzzDisk implements BlockNode, BlockBackend {
    public static final int SECTORS = 24;
    public static final int BYTES = SECTORS << 9;

    private static final byte[] ORIGINAL = new byte[BYTES];

    static {
        for (int i = 0; i < BYTES; i++) {
            ORIGINAL[i] = (byte) (1 + i * 13 % 121); // never what memory is poisoned with
        }
    }

    private final byte[] content = ORIGINAL.clone();
    private final MemorySegment segment = MemorySegment.ofArray(content);
    private final List<BlockRequest> waiting = new ArrayList<>();
    private final boolean readOnly;
    private final Consumer<BlockRequest> submitted;
    private boolean hold;
    private boolean changed;

    /** @param submitted sees each request before the disk does */
    public FuzzDisk(boolean readOnly, Consumer<BlockRequest> submitted) {
        this.readOnly = readOnly;
        this.submitted = submitted;
    }

    /** What the disk holds before any write. */
    public static void copyOriginal(byte[] target) {
        System.arraycopy(ORIGINAL, 0, target, 0, BYTES);
    }

    /** The content of a new disk; nothing may wait. */
    public void reset() {
        if (changed) {
            System.arraycopy(ORIGINAL, 0, content, 0, BYTES);
            changed = false;
        }
        hold = false;
        waiting.clear();
    }

    /** From now on requests wait, or do not. */
    public void hold(boolean on) {
        hold = on;
    }

    byte[] content() {
        return content;
    }

    /** How many requests wait. */
    public int waiting() {
        return waiting.size();
    }

    /** Ends one of those that wait. */
    public void end(int index, int errno) {
        end(waiting.remove(index), errno);
    }

    private void end(BlockRequest request, int errno) {
        if (errno == 0) {
            carryOut(request);
        }
        request.completion.completed(request, errno);
    }

    @Override
    public void submit(BlockRequest request) {
        long end = request.offsetBytes + request.lengthBytes;
        if (request.offsetBytes < 0 || request.lengthBytes < 0 || end < 0 || end > BYTES) {
            throw new AssertionError("a request of " + request.lengthBytes + " bytes at " + request.offsetBytes);
        }
        submitted.accept(request);
        if (hold) {
            waiting.add(request);
        } else {
            end(request, 0);
        }
    }

    private void carryOut(BlockRequest request) {
        if (request.op == BlockOp.READ || request.op == BlockOp.WRITE) {
            transfer(request);
        } else if (request.op == BlockOp.WRITE_ZEROES) {
            segment.asSlice(request.offsetBytes, request.lengthBytes).fill((byte) 0);
            changed = true;
        }
    }

    private void transfer(BlockRequest request) {
        long at = request.offsetBytes;
        for (int i = request.segmentFirst; i < request.segmentFirst + request.segmentCount; i++) {
            int bytes = request.segmentBytes[i];
            if (request.op == BlockOp.READ) {
                NativeMemory.copyOut(segment, at, request.segmentAddress[i], bytes);
            } else {
                NativeMemory.copyIn(segment, at, request.segmentAddress[i], bytes);
                changed = true;
            }
            at += bytes;
        }
        if (at != request.offsetBytes + request.lengthBytes) {
            throw new AssertionError(
                    "segments of " + (at - request.offsetBytes) + " bytes, length " + request.lengthBytes);
        }
    }

    @Override
    public void commit() {
        // Nothing waits for it.
    }

    @Override
    public long lengthBytes() {
        return BYTES;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public boolean writeback() {
        return true;
    }

    @Override
    public int physicalBlockBytes() {
        return 512;
    }

    @Override
    public String description() {
        return "driver=fuzz";
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return this;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
