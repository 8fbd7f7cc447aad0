package ringside.workloads.conformance.chapter;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import ringside.workloads.conformance.bench.DeviceConfig;
import ringside.workloads.conformance.bench.RingKind;
import ringside.workloads.conformance.bench.TransportKind;

/** Collects tests. */
final class TestList {
    private final List<ConformanceTest> tests = new ArrayList<>();

    /** Begins a test of statements about the device. */
    Entry device(String... clauses) {
        return new Entry(false, clauses);
    }

    /** Begins a test that breaks a driver's rule. */
    Entry hostile(String... rules) {
        return new Entry(true, rules);
    }

    List<ConformanceTest> tests() {
        return List.copyOf(tests);
    }

    /** A test in the making. */
    final class Entry {
        private final boolean hostile;
        private final List<String> clauses;
        private Set<TransportKind> transports = EnumSet.allOf(TransportKind.class);
        private Set<RingKind> rings = EnumSet.allOf(RingKind.class);
        private DeviceConfig device = DeviceConfig.DEFAULT;
        private long features;

        private Entry(boolean hostile, String... clauses) {
            this.hostile = hostile;
            this.clauses = List.of(clauses);
        }

        /** Only where there are registers. */
        Entry onRegisters() {
            transports = EnumSet.of(TransportKind.MMIO, TransportKind.PCI);
            return this;
        }

        Entry onMmio() {
            transports = EnumSet.of(TransportKind.MMIO);
            return this;
        }

        Entry onVhostUser() {
            transports = EnumSet.of(TransportKind.VHOST_USER);
            return this;
        }

        Entry split() {
            rings = EnumSet.of(RingKind.SPLIT);
            return this;
        }

        Entry packed() {
            rings = EnumSet.of(RingKind.PACKED);
            return this;
        }

        Entry on(DeviceConfig needed) {
            device = needed;
            return this;
        }

        /** Features that the device must offer. */
        Entry needs(long bits) {
            features = bits;
            return this;
        }

        /** Ends the entry. */
        void test(String name, ConformanceTest.Body body) {
            tests.add(new ConformanceTest(clauses, name, hostile, transports, rings, device, features, body));
        }
    }
}
