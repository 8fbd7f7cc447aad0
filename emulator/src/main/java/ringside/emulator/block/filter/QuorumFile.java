package ringside.emulator.block.filter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockIoException;
import ringside.emulator.ffi.Errno;

/** The blocking side of a quorum. */
record QuorumFile(QuorumNode node, List<BlockFile> children) implements BlockFile {
    private int outcome(int index, Consumer<BlockFile> call) {
        try {
            call.accept(children.get(index));
            return 0;
        } catch (BlockIoException e) {
            node.bad(index, e.getMessage());
            return e.errno();
        }
    }

    private void change(String what, Consumer<BlockFile> call) {
        int good = 0;
        int error = Errno.EIO;
        for (int i = 0; i < children.size(); i++) {
            int outcome = outcome(i, call);
            good += outcome == 0 ? 1 : 0;
            error = outcome == 0 ? error : outcome;
        }
        if (good < node.spec().voteThreshold()) {
            throw new BlockIoException(error, "quorum: " + what);
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        if (node.spec().readFifo()) {
            readFirst(offsetBytes, into);
            return;
        }
        int count = children.size();
        long length = into.byteSize();
        int[] errors = new int[count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] answers = new MemorySegment[count];
            for (int i = 0; i < count; i++) {
                MemorySegment answer = arena.allocate(length);
                answers[i] = answer;
                errors[i] = outcome(i, child -> child.read(offsetBytes, answer));
            }
            int winner = Vote.winner(
                    count,
                    node.spec().voteThreshold(),
                    i -> errors[i] == 0 ? 1 : 0,
                    (i, k) -> answers[i].mismatch(answers[k]) < 0);
            if (winner < 0) {
                throw new BlockIoException(
                        Errno.EIO, "quorum: too few children agree on %d bytes at %d".formatted(length, offsetBytes));
            }
            into.copyFrom(answers[winner]);
            for (int i = 0; i < count; i++) {
                if (errors[i] == 0 && answers[i].mismatch(answers[winner]) >= 0) {
                    node.bad(i, "outvoted on %d bytes at %d".formatted(length, offsetBytes));
                    correct(i, offsetBytes, answers[winner]);
                }
            }
        }
    }

    private void correct(int index, long offsetBytes, MemorySegment right) {
        if (node.spec().rewriteCorrupted()) {
            outcome(index, child -> child.write(offsetBytes, right));
        }
    }

    private void readFirst(long offsetBytes, MemorySegment into) {
        int error = Errno.EIO;
        for (int i = 0; i < children.size() && error != 0; i++) {
            error = outcome(i, child -> child.read(offsetBytes, into));
        }
        if (error != 0) {
            throw new BlockIoException(error, "quorum: no child can read at " + offsetBytes);
        }
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        change("write at " + offsetBytes, child -> child.write(offsetBytes, from));
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        change("write-zeroes at " + offsetBytes, child -> child.writeZeroes(offsetBytes, lengthBytes, mayUnmap));
    }

    /** Nothing is given up: what a discarded range holds is open, and children could differ in it. */
    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        // All keep what they have.
    }

    @Override
    public void flush() {
        change("flush", BlockFile::flush);
    }

    @Override
    public long lengthBytes() {
        return children.getFirst().lengthBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        change("truncate to " + lengthBytes, child -> child.truncate(lengthBytes));
    }
}
