package ringside.workloads.load;

import ringside.workloads.pattern.MixedRequests;
import ringside.workloads.unit.IoUnit;

/** All that {@link PlainShape} cannot do. */
final class MixedShape implements RequestShape {
    private final MixedRequests requests;

    MixedShape(MixedRequests requests) {
        this.requests = requests;
    }

    @Override
    public void place(IoUnit unit, IoUnit.Op op) {
        requests.next(
                switch (op) {
                    case READ -> MixedRequests.READ;
                    case WRITE -> MixedRequests.WRITE;
                    case TRIM, FLUSH -> MixedRequests.TRIM;
                });
        unit.op = op;
        unit.offsetBytes = requests.offsetBytes();
        unit.lengthBytes = requests.lengthBytes();
    }

    @Override
    public void restart() {
        requests.restart();
    }
}
