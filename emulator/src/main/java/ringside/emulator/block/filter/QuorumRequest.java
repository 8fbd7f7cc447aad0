package ringside.emulator.block.filter;

import ringside.emulator.block.BlockCompletion;
import ringside.emulator.block.BlockOp;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.Errno;

/** A request to a quorum with one for each child: a reused slot. In the context of its loop. */
final class QuorumRequest {
    private final QuorumBackend owner;
    private final Part[] parts;
    private BlockRequest upper;
    private int pending;
    private boolean rewriting;

    /** The next free slot of the owner. */
    QuorumRequest nextFree;

    QuorumRequest(QuorumBackend owner) {
        this.owner = owner;
        this.parts = new Part[owner.children().length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part(i);
        }
    }

    /** What one child is asked. */
    private final class Part implements BlockCompletion {
        private final int index;
        private final BlockRequest lower = new BlockRequest(this);
        private final Buffers read = new Buffers(owner.arena());
        private int error;

        private Part(int index) {
            this.index = index;
        }

        private void submit() {
            owner.children()[index].submit(lower);
        }

        @Override
        public void completed(BlockRequest request, int outcome) {
            error = outcome;
            if (fifo()) {
                nextChild(this);
            } else if (--pending == 0) {
                ended();
            }
        }
    }

    private boolean fifo() {
        return upper.op == BlockOp.READ && owner.node().spec().readFifo();
    }

    private int threshold() {
        return owner.node().spec().voteThreshold();
    }

    void begin(BlockRequest request) {
        upper = request;
        rewriting = false;
        if (fifo()) {
            ask(parts[0]);
            return;
        }
        pending = parts.length;
        for (Part part : parts) {
            Requests.copy(request, part.lower);
            part.lower.timeline = null;
            if (request.op == BlockOp.READ) {
                part.read.attachTo(part.lower);
            }
        }
        for (Part part : parts) {
            part.submit();
        }
    }

    /** Reads from the first child that can. */
    private void ask(Part part) {
        Requests.copy(upper, part.lower);
        part.submit();
    }

    private void nextChild(Part answered) {
        if (answered.error != 0) {
            owner.node().bad(answered.index, upper.op + " ended with errno " + answered.error);
            if (answered.index + 1 < parts.length) {
                ask(parts[answered.index + 1]);
                owner.commit();
                return;
            }
        }
        end(answered.error);
    }

    private void ended() {
        if (rewriting) {
            end(0); // a child that cannot be corrected is outvoted again
        } else if (upper.op == BlockOp.READ) {
            vote();
        } else {
            end(changed());
        }
    }

    /** A change holds when enough children have made it. */
    private int changed() {
        int good = 0;
        int error = Errno.EIO;
        for (Part part : parts) {
            if (part.error == 0) {
                good++;
            } else {
                error = part.error;
                owner.node().bad(part.index, upper.op + " ended with errno " + part.error);
            }
        }
        return good >= threshold() ? 0 : error;
    }

    private void vote() {
        long length = upper.lengthBytes;
        int winner = Vote.winner(
                parts.length,
                threshold(),
                i -> parts[i].error == 0 ? 1 : 0,
                (i, k) -> parts[i].read.first(length).mismatch(parts[k].read.first(length)) < 0);
        if (winner < 0) {
            owner.node()
                    .bad(0, "no %d children agree on %d bytes at %d".formatted(threshold(), length, upper.offsetBytes));
            end(Errno.EIO);
            return;
        }
        parts[winner].read.copyTo(upper);
        int wrong = 0;
        for (Part part : parts) {
            boolean agrees = part.error == 0 && part.read.mismatch(upper) < 0;
            if (!agrees) {
                owner.node()
                        .bad(
                                part.index,
                                "outvoted on %d bytes at %d, errno %d"
                                        .formatted(length, upper.offsetBytes, part.error));
                part.error = Errno.EIO;
                wrong++;
            }
        }
        if (wrong > 0 && owner.node().spec().rewriteCorrupted()) {
            rewrite(wrong);
        } else {
            end(0);
        }
    }

    private void rewrite(int wrong) {
        rewriting = true;
        pending = wrong;
        for (Part part : parts) {
            if (part.error != 0) {
                Requests.copy(upper, part.lower);
                part.lower.op = BlockOp.WRITE;
                part.lower.timeline = null;
                part.submit();
            }
        }
        owner.commit();
    }

    private void end(int error) {
        BlockRequest done = upper;
        upper = null;
        owner.release(this);
        done.completion.completed(done, error);
    }
}
