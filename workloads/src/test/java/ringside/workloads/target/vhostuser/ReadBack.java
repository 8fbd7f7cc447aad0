package ringside.workloads.target.vhostuser;

import static org.assertj.core.api.Assertions.assertThat;

import ringside.workloads.target.HaltPolicy;
import ringside.workloads.target.IoTarget;
import ringside.workloads.target.SubmitStatus;
import ringside.workloads.unit.IoUnit;
import ringside.workloads.verify.StampVerifier;

/** Reads a stamped disk through the server, several requests at a time, and checks what arrives in each buffer. */
final class ReadBack {
    private static final int DEPTH = 8;
    private static final int BLOCK_BYTES = 16 << 10;

    private final StampVerifier verifier = new StampVerifier();
    private final IoTarget target;
    private final HaltPolicy halt;
    private long nextOffset;
    private int inFlight;

    private ReadBack(VhostUserTargets targets, int queue) {
        this.target = targets.open(0, queue, 0);
        this.halt = targets.haltPolicy(0);
    }

    /** Checks the whole disk through one queue. */
    static void check(VhostUserTargets targets, int queue) {
        new ReadBack(targets, queue).run();
    }

    private void run() {
        for (IoUnit unit : target.allocateUnits(DEPTH, BLOCK_BYTES)) {
            submitNext(unit);
        }
        target.commit();
        while (inFlight > 0) {
            IoUnit unit = target.poll();
            if (unit != null) {
                take(unit);
            } else if (!target.prepareToHalt()) {
                halt.halt(10_000_000L);
            }
        }
    }

    private void take(IoUnit unit) {
        inFlight--;
        assertThat(unit.error).isZero();
        assertThat(verifier.verify(unit.buffer, unit.offsetBytes).firstProblem())
                .as("offset %d", unit.offsetBytes)
                .isEmpty();
        submitNext(unit);
        target.commit();
    }

    private void submitNext(IoUnit unit) {
        if (nextOffset >= target.capacityBytes()) {
            return;
        }
        unit.op = IoUnit.Op.READ;
        unit.offsetBytes = nextOffset;
        unit.lengthBytes = BLOCK_BYTES;
        unit.buffer.fill((byte) 0);
        nextOffset += BLOCK_BYTES;
        assertThat(target.submit(unit)).isEqualTo(SubmitStatus.QUEUED);
        inFlight++;
    }
}
