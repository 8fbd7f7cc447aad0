package ringside.workloads.load;

import ringside.workloads.target.SubmitStatus;
import ringside.workloads.unit.IoUnit;

/** What was submitted since the last commit. Confined to one thread, reused. */
final class SubmitBatch {
    final IoUnit[] queued;
    final IoUnit[] completed;
    int queuedCount;
    int completedCount;

    SubmitBatch(int units) {
        this.queued = new IoUnit[units];
        this.completed = new IoUnit[units];
    }

    void add(IoUnit unit, SubmitStatus status) {
        if (status == SubmitStatus.QUEUED) {
            queued[queuedCount++] = unit;
        } else {
            completed[completedCount++] = unit;
        }
    }

    void clear() {
        queuedCount = 0;
        completedCount = 0;
    }
}
