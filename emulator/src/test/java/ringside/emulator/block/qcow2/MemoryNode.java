package ringside.emulator.block.qcow2;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ringside.emulator.aio.AioContext;
import ringside.emulator.block.BlockBackend;
import ringside.emulator.block.BlockFile;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockRequest;
import ringside.emulator.ffi.NativeMemory;

/**
 * A file in memory that grows and writes down what is done to it. Requests of a loop are carried out when a batch ends, in
 * any order, because a real disk does the same.
 */
final class MemoryNode implements BlockNode, BlockFile {
    /** Something that changes the file, with FUA or without, or a flush (data empty). */
    record Event(long offset, byte[] data, boolean flush, boolean fua) {}

    private final List<Event> events = new ArrayList<>();
    private final Random order;
    private byte[] bytes;
    private int length;

    MemoryNode(byte[] content, long seed) {
        this.bytes = content.clone();
        this.length = content.length;
        this.order = new Random(seed);
    }

    synchronized List<Event> recorded() {
        return List.copyOf(events);
    }

    synchronized int eventCount() {
        return events.size();
    }

    synchronized byte[] content() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public long lengthBytes() {
        return length;
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public boolean writeback() {
        return true;
    }

    @Override
    public int physicalBlockBytes() {
        return 512;
    }

    @Override
    public boolean growsWithZeroes() {
        return true;
    }

    @Override
    public String description() {
        return "driver=memory";
    }

    @Override
    public BlockFile file() {
        return this;
    }

    @Override
    public synchronized void read(long offset, MemorySegment into) {
        into.fill((byte) 0);
        long there = Math.clamp(length - offset, 0, into.byteSize());
        if (there > 0) {
            MemorySegment.copy(MemorySegment.ofArray(bytes), offset, into, 0, there);
        }
    }

    @Override
    public void write(long offset, MemorySegment from) {
        write(offset, from, false);
    }

    private synchronized void write(long offset, MemorySegment from, boolean fua) {
        byte[] data = from.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        events.add(new Event(offset, data, false, fua));
        bytes = apply(bytes, offset, data);
        length = (int) Math.max(length, offset + data.length);
    }

    /** Writes into an array that grows. */
    static byte[] apply(byte[] target, long offset, byte[] data) {
        int end = (int) offset + data.length;
        byte[] grown = end <= target.length ? target : Arrays.copyOf(target, Math.max(end, 2 * target.length));
        System.arraycopy(data, 0, grown, (int) offset, data.length);
        return grown;
    }

    @Override
    public void writeZeroes(long offset, long lengthBytes, boolean mayUnmap) {
        write(offset, MemorySegment.ofArray(new byte[(int) lengthBytes]));
    }

    @Override
    public synchronized void discard(long offset, long lengthBytes) {
        int size = (int) Math.clamp(length - offset, 0, lengthBytes);
        byte[] garbage = new byte[size];
        Arrays.fill(garbage, (byte) 0xdb); // whoever relies on what was discarded shall notice
        if (size > 0) {
            events.add(new Event(offset, garbage, false, false));
            bytes = apply(bytes, offset, garbage);
        }
    }

    @Override
    public synchronized void flush() {
        events.add(new Event(0, new byte[0], true, false));
    }

    @Override
    public synchronized void truncate(long lengthBytes) {
        throw new UnsupportedOperationException("nobody truncates here");
    }

    @Override
    public BlockBackend attach(AioContext context) {
        return new Backend();
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private final class Backend implements BlockBackend {
        private final List<BlockRequest> batch = new ArrayList<>();

        @Override
        public void submit(BlockRequest request) {
            batch.add(request);
        }

        @Override
        public void commit() {
            while (!batch.isEmpty()) {
                BlockRequest request = batch.remove(order.nextInt(batch.size()));
                execute(request);
                request.completion.completed(request, 0);
            }
        }

        private void execute(BlockRequest request) {
            long offset = request.offsetBytes;
            switch (request.op) {
                case FLUSH -> flush();
                case READ, WRITE -> {
                    for (int i = request.segmentFirst; i < request.segmentFirst + request.segmentCount; i++) {
                        MemorySegment part = NativeMemory.view(request.segmentAddress[i], request.segmentBytes[i]);
                        if (request.op == ringside.emulator.block.BlockOp.READ) {
                            read(offset, part);
                        } else {
                            write(offset, part, request.fua);
                        }
                        offset += part.byteSize();
                    }
                }
                default -> throw new IllegalStateException("unexpected " + request.op);
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
