package ringside.emulator.eventloop;

import java.util.concurrent.CountDownLatch;

/** A task with an eventfd of its own that notes what the loop does with it. */
final class FdTask implements LoopTask, AutoCloseable {
    final EventNotifier notifier = new EventNotifier();
    final CountDownLatch acknowledged = new CountDownLatch(1);
    final CountDownLatch armed = new CountDownLatch(1);
    volatile int passes;

    @Override
    public String roleName() {
        return "test";
    }

    @Override
    public int pollFd() {
        return notifier.fd();
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // the loop is the only writer
    public int doWork() {
        passes++;
        return 0;
    }

    @Override
    public boolean prepareToBlock() {
        armed.countDown();
        return false;
    }

    @Override
    public void acknowledge() {
        notifier.clear();
        acknowledged.countDown();
    }

    @Override
    public void close() {
        notifier.close();
    }
}
