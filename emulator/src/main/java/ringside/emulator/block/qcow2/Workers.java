package ringside.emulator.block.qcow2;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for what blocks: as many as requests may wait for metadata at a time. They end when they have nothing to do. */
final class Workers {
    private static final int THREADS = 8;
    private static final int IDLE_SECONDS = 10;

    private Workers() {}

    /** @param name what the threads are called */
    static ExecutorService create(String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon(true).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
