package ringside.emulator.block.filter;

import java.lang.foreign.MemorySegment;
import ringside.emulator.block.BlockFile;

/** The blocking side of a log-writes node. The format has no entry for a new length, so that is a mark: {@code truncate N}. */
record LogWritesFile(LogWritesNode node, BlockFile below) implements BlockFile {
    private void append(Runnable entries) {
        node.fence().awaitFlushes();
        append(entries, false);
    }

    private void append(Runnable entries, boolean stable) {
        WriteLog log = node.log();
        log.lock().lock();
        WriteLog.End before = log.end();
        try {
            entries.run();
            log.writeOut();
            if (stable) {
                log.makeStable();
            }
        } catch (RuntimeException e) {
            log.cutTo(before);
            throw e;
        } finally {
            log.lock().unlock();
        }
    }

    @Override
    public void read(long offsetBytes, MemorySegment into) {
        below.read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, MemorySegment from) {
        below.write(offsetBytes, from);
        long length = from.byteSize();
        append(() -> {
            if (from.isNative() && node.wholeSectors(offsetBytes, length)) {
                int sector = node.log().sectorBytes();
                node.log().entry(offsetBytes / sector, length / sector, 0);
                node.log().data(from.address(), length);
            } else {
                node.appendSectorsAround(offsetBytes, length, 0);
            }
        });
    }

    @Override
    public void writeZeroes(long offsetBytes, long lengthBytes, boolean mayUnmap) {
        below.writeZeroes(offsetBytes, lengthBytes, mayUnmap);
        append(() -> {
            if (node.wholeSectors(offsetBytes, lengthBytes)) {
                int sector = node.log().sectorBytes();
                node.log().entry(offsetBytes / sector, lengthBytes / sector, 0);
                node.log().zeroes(lengthBytes);
            } else {
                node.appendSectorsAround(offsetBytes, lengthBytes, 0);
            }
        });
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes) {
        below.discard(offsetBytes, lengthBytes);
        int sector = node.log().sectorBytes();
        long from = (offsetBytes + sector - 1) / sector;
        long to = (offsetBytes + lengthBytes) / sector;
        if (to > from) {
            append(() -> node.log().entry(from, to - from, LogFormat.DISCARD));
        }
    }

    @Override
    public void flush() {
        long number = node.fence().flushBegins();
        try {
            below.flush();
            append(() -> node.log().entry(0, 0, LogFormat.FLUSH), true);
        } finally {
            node.fence().flushed(number);
        }
    }

    @Override
    public long lengthBytes() {
        return below.lengthBytes();
    }

    @Override
    public void truncate(long lengthBytes) {
        below.truncate(lengthBytes);
        append(() -> node.log().mark("truncate " + lengthBytes));
    }
}
