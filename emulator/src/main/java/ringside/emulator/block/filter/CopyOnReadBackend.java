package ringside.emulator.block.filter;

import java.util.concurrent.ConcurrentLinkedQueue;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.eventloop.LoopContext;
import ringside.emulator.eventloop.LoopTask;

/** A copy-on-read node as seen from one loop. Requests to what is known to be in the image go down as they are. */
final class CopyOnReadBackend implements BlockBackend, LoopTask {
    private final Copier copier;
    private final LoopContext loop;
    private final BlockBackend below;
    private final ConcurrentLinkedQueue<Runnable> resumed = new ConcurrentLinkedQueue<>();

    CopyOnReadBackend(Copier copier, LoopContext loop, BlockBackend below) {
        this.copier = copier;
        this.loop = loop;
        this.below = below;
        loop.attach(this);
    }

    /** A write that a copy might meet, with the one sent below in its place. Such writes end when the image is full. */
    private final class TrackedWrite implements BlockCompletion, Copier.Write {
        private final BlockRequest lower = new BlockRequest(this);
        private final BlockRequest upper;

        private TrackedWrite(BlockRequest upper) {
            this.upper = upper;
            Requests.copy(upper, lower);
        }

        @Override
        public long fromBytes() {
            return lower.offsetBytes;
        }

        @Override
        public long toBytes() {
            return lower.offsetBytes + lower.lengthBytes;
        }

        @Override
        public void proceed() {
            resume(() -> below.submit(lower));
        }

        @Override
        public void completed(BlockRequest request, int error) {
            copier.leave(this);
            upper.completion.completed(upper, error);
        }
    }

    @Override
    public void submit(BlockRequest request) {
        boolean known = request.op == BlockOp.FLUSH
                || copier.known().covers(request.offsetBytes, request.lengthBytes) && request.op != BlockOp.DISCARD;
        if (known) {
            below.submit(request);
        } else if (request.op == BlockOp.READ) {
            copier.copy(request.offsetBytes, request.lengthBytes, error -> resume(() -> copied(request, error)));
        } else {
            track(request);
        }
    }

    private void copied(BlockRequest request, int error) {
        if (error == 0) {
            below.submit(request);
        } else {
            request.completion.completed(request, error);
        }
    }

    /** A discard can take away what was known to be there, also of an image that shows the backing file then. */
    private void track(BlockRequest request) {
        if (request.op == BlockOp.DISCARD) {
            copier.known().remove(request.offsetBytes, request.lengthBytes);
        }
        TrackedWrite write = new TrackedWrite(request);
        if (copier.enter(write)) {
            below.submit(write.lower);
        }
    }

    private void resume(Runnable step) {
        resumed.add(step);
        loop.wake();
    }

    @Override
    public void commit() {
        below.commit();
    }

    @Override
    public String roleName() {
        return "copy-on-read";
    }

    @Override
    public int pollFd() {
        return -1;
    }

    @Override
    public int doWork() {
        int done = 0;
        for (Runnable step = resumed.poll(); step != null; step = resumed.poll()) {
            step.run();
            done++;
        }
        if (done > 0) {
            below.commit();
        }
        return done;
    }

    /** Whoever adds later wakes the loop. */
    @Override
    public boolean prepareToBlock() {
        return !resumed.isEmpty();
    }

    @Override
    public void close() {
        loop.detach(this);
        below.close();
    }
}
