package ringside.emulator.transport;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import ringside.emulator.pci.InterruptSink;
import ringside.emulator.pci.PciAddress;

/**
 * Takes MSI messages and INT#x levels of PCI functions, and interrupts whoever they are meant for. The address of a
 * message names its destination as on x86: bits 19-12 are the low and bits 11-5 the high part of the destination's number
 * (KVM: extended destination ID). A message to any other address is lost.
 *
 * <p>Messages are delivered on the thread that sends them, without a lock and without allocation.
 */
public final class InterruptController {
    private static final long MSI_BASE = 0xfee0_0000L;
    private static final long MSI_BASE_MASK = ~0xf_ffffL;
    private static final int LOW_BITS = 8;
    private static final int LOW_SHIFT = 12;
    private static final int HIGH_SHIFT = 5;
    private static final int HIGH_MASK = 0x7f;
    private static final int LOW_MASK = 0xff;
    private static final int MAX_DESTINATIONS = 1 << 15;

    private volatile InterruptRoute[] destinations = {};
    private final ConcurrentMap<Integer, Line> lines = new ConcurrentHashMap<>();

    /** One INT#x line: level-triggered, so whoever is routed late still hears of it. */
    private static final class Line {
        private InterruptRoute route = () -> {};
        private boolean asserted;

        synchronized void route(InterruptRoute to) {
            route = to;
            if (asserted) {
                to.interrupt();
            }
        }

        synchronized void level(boolean now) {
            asserted = now;
            if (now) {
                route.interrupt();
            }
        }
    }

    /** What a function's interrupts go to. */
    private final class Sink implements InterruptSink {
        private final Line line;

        private Sink(Line line) {
            this.line = line;
        }

        @Override
        public void message(int vector, long address, int data) {
            deliver(address);
        }

        @Override
        public void intx(boolean asserted) {
            line.level(asserted);
        }
    }

    /**
     * The sink of the function at an address.
     *
     * @param address the function's
     */
    public InterruptSink sink(PciAddress address) {
        return new Sink(line(address));
    }

    private Line line(PciAddress address) {
        return lines.computeIfAbsent(address.bus() * PciAddress.DEVICES + address.device(), _ -> new Line());
    }

    /** Directs the INT#x line of a slot; a level that is asserted already counts. */
    public void routeLine(PciAddress address, InterruptRoute route) {
        line(address).route(route);
    }

    /**
     * The number by which messages name a destination. The same one gets the same number each time.
     *
     * @throws IllegalStateException when there are too many
     */
    public synchronized int destination(InterruptRoute route) {
        InterruptRoute[] known = destinations;
        for (int i = 0; i < known.length; i++) {
            if (known[i] == route) {
                return i;
            }
        }
        if (known.length == MAX_DESTINATIONS) {
            throw new IllegalStateException("an interrupt controller has at most 32768 destinations");
        }
        InterruptRoute[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = route;
        destinations = more;
        return known.length;
    }

    /** The address of messages to a destination. */
    public static long messageAddress(int destination) {
        int high = destination >>> LOW_BITS;
        return MSI_BASE | (long) (destination & LOW_MASK) << LOW_SHIFT | (long) high << HIGH_SHIFT;
    }

    private void deliver(long address) {
        if ((address & MSI_BASE_MASK) != MSI_BASE) {
            return;
        }
        int low = (int) (address >>> LOW_SHIFT) & LOW_MASK;
        int destination = ((int) (address >>> HIGH_SHIFT) & HIGH_MASK) << LOW_BITS | low;
        InterruptRoute[] known = destinations;
        if (destination < known.length) {
            known[destination].interrupt();
        }
    }
}
