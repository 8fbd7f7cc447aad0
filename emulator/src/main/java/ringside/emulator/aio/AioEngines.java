package ringside.emulator.aio;

import java.util.LinkedHashMap;
import java.util.Map;
import ringside.emulator.aio.linux.LinuxAioEngine;
import ringside.emulator.aio.mmap.MmapEngine;
import ringside.emulator.aio.uring.IoUringEngine;
import ringside.emulator.aio.uring.PolledUringEngine;
import ringside.emulator.eventloop.LoopContext;

/** The engines of one loop, made and attached on first use. In the context of the loop, or before it starts. */
public final class AioEngines implements AioContext, AutoCloseable {
    private final LoopContext loop;
    private final boolean counting;
    private final Map<Key, AioEngine> engines = new LinkedHashMap<>();

    private long[] bufferAddresses = {};
    private long[] bufferBytes = {};

    private record Key(AioKind kind, UringOptions options) {}

    /** @param counting whether engines count into the loop's counters */
    public AioEngines(LoopContext loop, boolean counting) {
        this.loop = loop;
        this.counting = counting;
    }

    @Override
    public LoopContext loop() {
        return loop;
    }

    @Override
    public AioEngine engine(AioKind kind) {
        return engine(kind, UringOptions.DEFAULT);
    }

    @Override
    public AioEngine engine(AioKind kind, UringOptions options) {
        Key key = new Key(kind, kind == AioKind.IO_URING ? options : UringOptions.DEFAULT);
        AioEngine known = engines.get(key);
        if (known != null) {
            return known;
        }
        AioEngine made = create(key);
        engines.put(key, made);
        return made;
    }

    private AioEngine create(Key key) {
        AioCounters counters = new AioCounters(loop.counters(), counting);
        AioEngine engine = switch (key.kind()) {
            case THREADS -> new ThreadPoolEngine(loop.name(), counters);
            case NATIVE -> new LinuxAioEngine(loop, counters, engine(AioKind.THREADS));
            case MMAP -> new MmapEngine(counters, engine(AioKind.THREADS));
            case IO_URING ->
                key.options().iopoll()
                        ? new PolledUringEngine(
                                new IoUringEngine(loop, counters, key.options()), engine(AioKind.THREADS))
                        : new IoUringEngine(loop, counters, key.options());
        };
        engine.offerBuffers(bufferAddresses, bufferBytes);
        loop.attach(engine);
        return engine;
    }

    /**
     * Announces the memory in which buffers will lie to all engines, also to those made later. In the context of the
     * loop, or before it starts; see {@link AioEngine#offerBuffers}.
     */
    public void offerBuffers(long[] addresses, long[] bytes) {
        bufferAddresses = addresses.clone();
        bufferBytes = bytes.clone();
        engines.values().forEach(engine -> engine.offerBuffers(bufferAddresses, bufferBytes));
    }

    /** Frees all engines; after the loop ended or the engines are idle. */
    @Override
    public void close() {
        engines.values().forEach(AioEngine::close);
        engines.clear();
    }
}
