package ringside.emulator.block;

import java.nio.file.Path;
import java.util.Optional;
import ringside.emulator.aio.AioContext;

/**
 * A zoned disk on top of another node: keeps write pointers and states, refuses what a zoned disk refuses, and lets the
 * rest through to the same offsets. What lies behind the write pointer of a zone that must be written in order reads as
 * zeroes, whatever the node below holds there.
 */
final class ZonedNode implements BlockNode {
    private static final long MAX_ZONES = 1 << 24;

    private final BlockNodeSpec.Zoned spec;
    private final BlockNode base;
    private final ZoneStore store;
    private final ZoneTable table;

    private ZonedNode(BlockNodeSpec.Zoned spec, BlockNode base, ZoneStore store) {
        this.spec = spec;
        this.base = base;
        this.store = store;
        this.table = new ZoneTable(spec.zones(), base.lengthBytes(), base.physicalBlockBytes(), store.records());
    }

    static ZonedNode open(BlockNodeSpec.Zoned spec) {
        BlockNode base = BlockNodes.open(spec.base());
        try {
            checkZones(spec.zones(), base.lengthBytes());
            ZoneStore store = openStore(spec, base.lengthBytes());
            try {
                return new ZonedNode(spec, base, store);
            } catch (IllegalArgumentException e) {
                store.close();
                String where = spec.stateFile().map(Path::toString).orElse("in memory");
                throw new IllegalArgumentException(
                        "zones " + where + ": " + e.getMessage() + "; remove the file, which empties all zones", e);
            }
        } catch (RuntimeException e) {
            base.close();
            throw e;
        }
    }

    private static ZoneStore openStore(BlockNodeSpec.Zoned spec, long diskBytes) {
        return spec.stateFile()
                .map(path -> ZoneStore.open(path, spec.base(), spec.zones(), diskBytes))
                .orElseGet(() -> ZoneStore.inMemory(spec.zones(), diskBytes));
    }

    private static void checkZones(ZoneSpec zones, long diskBytes) {
        long count = (diskBytes + zones.zoneBytes() - 1) / zones.zoneBytes();
        if (count > MAX_ZONES) {
            throw new IllegalArgumentException(
                    "zone-size=" + zones.zoneBytes() + " makes " + count + " zones; use a larger one");
        }
        if (zones.conventional() > count) {
            throw new IllegalArgumentException("conventional-zones=" + zones.conventional() + ", but zone-size="
                    + zones.zoneBytes() + " makes only " + count + " zones");
        }
    }

    @Override
    public long lengthBytes() {
        return base.lengthBytes();
    }

    @Override
    public boolean readOnly() {
        return base.readOnly();
    }

    @Override
    public boolean writeback() {
        return base.writeback();
    }

    @Override
    public int physicalBlockBytes() {
        return base.physicalBlockBytes();
    }

    @Override
    public boolean unmaps() {
        return base.unmaps();
    }

    @Override
    public boolean erases() {
        return base.erases();
    }

    @Override
    public Optional<StorageLifetime> lifetime() {
        return base.lifetime();
    }

    @Override
    public Optional<ZonedStorage> zones() {
        return Optional.of(table);
    }

    /** The zones and their rules, for tests and for those who break zones. */
    ZoneTable table() {
        return table;
    }

    @Override
    public String description() {
        return base.description() + "," + spec.zones().description();
    }

    @Override
    public BlockBackend attach(AioContext context) {
        boolean flushes =
                !(spec.base() instanceof BlockNodeSpec.Raw raw) || !raw.cache().noFlush();
        Optional<BlockBackend> state = flushes ? store.attach(context) : Optional.empty();
        return new ZonedBackend(table, base.unmaps(), base.attach(context), state);
    }

    @Override
    public void close() {
        store.close();
        base.close();
    }
}
