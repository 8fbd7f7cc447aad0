package ringside.workloads.target.vhostuser;

import ringside.emulator.guest.BlkDriverQueue;
import ringside.emulator.guest.HaltPolling;
import ringside.emulator.vhostuser.client.CallWaiter;
import ringside.workloads.target.HaltPolicy;

/**
 * A load thread waits like a vCPU whose interrupts are call eventfds: it polls its used rings for a self-tuned time, then
 * sleeps until the server signals one of its queues. Does not allocate.
 */
final class CallHalt implements HaltPolicy {
    private final CallWaiter waiter;
    private final BlkDriverQueue[] queues;
    private final HaltPolling polling;
    private final Runnable connectionCheck;

    /**
     * @param queues that the thread drives
     * @param connectionCheck repairs a lost connection or throws
     */
    CallHalt(CallWaiter waiter, BlkDriverQueue[] queues, HaltPolling polling, Runnable connectionCheck) {
        this.waiter = waiter;
        this.queues = queues;
        this.polling = polling;
        this.connectionCheck = connectionCheck;
    }

    @Override
    public void halt(long maxNs) {
        if (!polling.enabled()) {
            block(maxNs);
            return;
        }
        long start = System.nanoTime();
        if (!poll(start + polling.currentNs())) {
            block(maxNs);
        }
        polling.adjust(System.nanoTime() - start);
    }

    /** The notification that was asked for comes nevertheless; it ends the next block early, which does no harm. */
    private boolean poll(long deadlineNs) {
        do {
            for (BlkDriverQueue queue : queues) {
                if (queue.hasUsed()) {
                    return true;
                }
            }
            Thread.onSpinWait();
        } while (System.nanoTime() < deadlineNs);
        return false;
    }

    /** A dead server notifies nobody: the end of its connection shows when a wait was for nothing. */
    private void block(long maxNs) {
        if (!waiter.await(maxNs)) {
            connectionCheck.run();
        }
    }
}
