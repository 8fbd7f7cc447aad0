package ringside.emulator.pci;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The root of one PCI segment: configuration space at {@link #ECAM_BASE_GPA} by the enhanced access mechanism
 * (PCI Express 5.0 §7.2.2), and the functions' BARs wherever a guest puts them. A guest reaches both by loads and stores.
 *
 * <p>Accesses come from any thread. What is mapped is an immutable list that is replaced when a guest changes a BAR or a
 * command register; an access under way still sees the old one, as on a bus. A load or store takes no lock here and does
 * not allocate.
 */
public final class PciHostBridge {
    /** Where the configuration spaces begin: 1 MiB per bus. */
    public static final long ECAM_BASE_GPA = 0xe000_0000L;

    /** Window that the bridge forwards for 32-bit BARs. */
    public static final long MMIO_32_GPA = 0xc000_0000L;

    /** Size of the 32-bit window in bytes. */
    public static final long MMIO_32_BYTES = 0x2000_0000L;

    /** Window that the bridge forwards for 64-bit BARs. */
    public static final long MMIO_64_GPA = 1L << 40;

    /** Size of the 64-bit window in bytes. */
    public static final long MMIO_64_BYTES = 1L << 40;

    private static final long LAST_32 = 0xffff_ffffL;
    private static final int MAX_BUSES = 256;
    private static final int BUS_BYTES_SHIFT = 20;
    private static final int FIRST_DEVICE = 1;
    private static final int PER_BUS = PciAddress.DEVICES - FIRST_DEVICE;

    /** A BAR as it is decoded now. */
    private record Mapping(long base, long sizeBytes, PciFunction function, int bar) {
        boolean contains(long gpa, int widthBytes) {
            long offset = gpa - base;
            return offset >= 0 && offset <= sizeBytes - widthBytes;
        }

        boolean overlaps(Mapping other) {
            return base < other.base + other.sizeBytes && other.base < base + sizeBytes;
        }
    }

    private final Map<Long, PciFunction> functions = new HashMap<>();
    private final List<PciFunction> order = new ArrayList<>();
    /** In the order of their addresses, none overlapping another. */
    private volatile Mapping[] mappings = {};

    /**
     * Puts a function into the next free slot; before the guest runs.
     *
     * @throws IllegalArgumentException when all slots are taken
     */
    public PciAddress attach(PciFunction function) {
        int index = order.size();
        if (index >= MAX_BUSES * PER_BUS) {
            throw new IllegalArgumentException("a PCI segment has room for " + MAX_BUSES * PER_BUS + " functions here");
        }
        PciAddress address = new PciAddress(index / PER_BUS, FIRST_DEVICE + index % PER_BUS, 0);
        functions.put(address.ecamOffset(), function);
        order.add(function);
        return address;
    }

    /** Number of buses, all of them roots: what firmware would tell in its MCFG table. */
    public int buses() {
        return Math.max(1, (order.size() + PER_BUS - 1) / PER_BUS);
    }

    /**
     * A load.
     *
     * @param gpa guest physical address
     * @param widthBytes 1, 2, 4 or 8
     * @return zero-extended; all ones where nobody answers
     */
    public long read(long gpa, int widthBytes) {
        Mapping mapping = lastAtOrBelow(gpa);
        if (mapping != null && mapping.contains(gpa, widthBytes)) {
            return mapping.function.barRead(mapping.bar, gpa - mapping.base, widthBytes);
        }
        return isConfig(gpa) ? configRead(gpa - ECAM_BASE_GPA, widthBytes) : ones(widthBytes);
    }

    /**
     * A store; lost where nobody answers.
     *
     * @param gpa guest physical address
     * @param widthBytes 1, 2, 4 or 8
     */
    public void write(long gpa, int widthBytes, long value) {
        Mapping mapping = lastAtOrBelow(gpa);
        if (mapping != null && mapping.contains(gpa, widthBytes)) {
            mapping.function.barWrite(mapping.bar, gpa - mapping.base, widthBytes, value);
        } else if (isConfig(gpa)) {
            configWrite(gpa - ECAM_BASE_GPA, widthBytes, (int) value);
        }
    }

    /** Every kick comes here, and a machine may have many disks: a search by halves. Null when there is none. */
    private Mapping lastAtOrBelow(long gpa) {
        Mapping[] known = mappings;
        int from = 0;
        int to = known.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if (known[middle].base <= gpa) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from == 0 ? null : known[from - 1];
    }

    private boolean isConfig(long gpa) {
        return gpa >= ECAM_BASE_GPA && gpa - ECAM_BASE_GPA < (long) buses() << BUS_BYTES_SHIFT;
    }

    private static long ones(int widthBytes) {
        return widthBytes == 8 ? -1 : (1L << 8 * widthBytes) - 1;
    }

    private PciFunction function(long ecamOffset) {
        return functions.get(ecamOffset >>> PciAddress.ECAM_BYTES_SHIFT << PciAddress.ECAM_BYTES_SHIFT);
    }

    private static int register(long ecamOffset) {
        return (int) ecamOffset & (1 << PciAddress.ECAM_BYTES_SHIFT) - 1;
    }

    private long configRead(long offset, int widthBytes) {
        PciFunction function = function(offset);
        if (function == null || widthBytes > 4) {
            return ones(widthBytes);
        }
        return Integer.toUnsignedLong(function.configRead(register(offset), widthBytes));
    }

    private void configWrite(long offset, int widthBytes, int value) {
        PciFunction function = function(offset);
        if (function == null || widthBytes > 4) {
            return;
        }
        int register = register(offset);
        function.configWrite(register, widthBytes, value);
        boolean decoding = PciConfigSpace.touches(register, widthBytes, PciRegisters.COMMAND, 2)
                || PciConfigSpace.touches(register, widthBytes, PciRegisters.BAR_0, 4 * PciFunction.BARS);
        if (decoding) {
            decode();
        }
    }

    /** Reads all BARs anew. A BAR that overlaps one of an earlier slot is not decoded. */
    private synchronized void decode() {
        List<Mapping> found = new ArrayList<>();
        for (PciFunction function : order) {
            int command = function.configRead(PciRegisters.COMMAND, 2);
            if ((command & PciRegisters.COMMAND_MEMORY) != 0) {
                addMappings(function, found);
            }
        }
        found.sort(Comparator.comparingLong(Mapping::base));
        mappings = found.toArray(Mapping[]::new);
    }

    private static void addMappings(PciFunction function, List<Mapping> found) {
        for (int i = 0; i < PciFunction.BARS; i++) {
            PciBar bar = function.bar(i);
            if (!bar.present()) {
                continue;
            }
            long base = base(function, i, bar);
            // Address 0 means not assigned; at the very top of the address space the BAR is just being sized.
            long end = base + bar.sizeBytes();
            boolean assigned = base > 0 && end > 0 && (bar.wide() || end <= LAST_32);
            Mapping mapping = new Mapping(base, bar.sizeBytes(), function, i);
            if (assigned && found.stream().noneMatch(mapping::overlaps)) {
                found.add(mapping);
            }
        }
    }

    private static long base(PciFunction function, int index, PciBar bar) {
        int register = PciRegisters.BAR_0 + 4 * index;
        long low = Integer.toUnsignedLong(function.configRead(register, 4) & ~0xf);
        return bar.wide() ? low | (long) function.configRead(register + 4, 4) << 32 : low;
    }
}
