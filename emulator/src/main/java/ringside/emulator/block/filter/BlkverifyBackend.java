package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.Errno;

/** A blkverify node as seen from one loop. */
final class BlkverifyBackend implements BlockBackend {
    private static final int SECTOR_BYTES = 512;

    private final BlkverifyNode node;
    private final BlockBackend test;
    private final BlockBackend raw;
    private final Arena arena = Arena.ofShared();
    private Slot free;

    BlkverifyBackend(BlkverifyNode node, BlockBackend test, BlockBackend raw) {
        this.node = node;
        this.test = test;
        this.raw = raw;
    }

    /** A request and the two sent below in its place. */
    private final class Slot implements BlockCompletion {
        private final BlockRequest onTest = new BlockRequest(this);
        private final BlockRequest onRaw = new BlockRequest(this);
        private final Buffers expected = new Buffers(arena);
        private BlockRequest upper;
        private int testError;
        private int rawError;
        private int pending;
        private Slot next;

        private void begin(BlockRequest request) {
            upper = request;
            pending = 2;
            Requests.copy(request, onTest);
            Requests.copy(request, onRaw);
            onRaw.timeline = null;
            if (request.op == BlockOp.READ) {
                expected.attachTo(onRaw);
            }
            raw.submit(onRaw);
            test.submit(onTest);
        }

        @Override
        public void completed(BlockRequest request, int error) {
            if (request == onTest) {
                testError = error;
            } else {
                rawError = error;
            }
            if (--pending == 0) {
                end(verdict());
            }
        }

        private int verdict() {
            if (testError != rawError) {
                differs("test ended with errno " + testError + ", raw with " + rawError, upper.offsetBytes);
                return Errno.EIO;
            }
            long at = testError == 0 && upper.op == BlockOp.READ ? expected.mismatch(upper) : -1;
            if (at >= 0) {
                differs("contents differ", upper.offsetBytes + at);
                return Errno.EIO;
            }
            return testError;
        }

        private void differs(String what, long offsetBytes) {
            node.differs("%s of %d bytes at %d: %s at sector %d"
                    .formatted(upper.op, upper.lengthBytes, upper.offsetBytes, what, offsetBytes / SECTOR_BYTES));
        }

        private void end(int error) {
            BlockRequest done = upper;
            upper = null;
            next = free;
            free = this;
            done.completion.completed(done, error);
        }
    }

    @Override
    public void submit(BlockRequest request) {
        if (request.op == BlockOp.DISCARD) {
            request.completion.completed(request, 0); // both keep what they have, so that both stay comparable
            return;
        }
        Slot slot = free;
        if (slot == null) {
            slot = new Slot();
        } else {
            free = slot.next;
        }
        slot.begin(request);
    }

    @Override
    public void commit() {
        raw.commit();
        test.commit();
    }

    @Override
    public void close() {
        test.close();
        raw.close();
        arena.close();
    }
}
