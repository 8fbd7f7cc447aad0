package ringside.workloads.conformance.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bench against the layouts of VIRTIO-1.2 §2.7 and §2.8, byte by byte as the specification prints them. */
class RingLayoutTest {
    private static final long BASE = 1 << 20;

    private final RawRam ram = new RawRam(Arena.ofAuto().allocate(1 << 16, 16), BASE);

    private String hex(long gpa, int bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(ram.bytes(gpa, bytes));
    }

    @Test
    void splitDescriptors_areAddrLenFlagsNext() {
        SplitRing ring = new SplitRing(ram, 4);
        ring.add(List.of(Buffer.readable(0x1122334455667788L, 0x99aabbccL), Buffer.writable(0x10, 1)));
        ring.publish();
        assertThat(hex(ring.layout().descGpa(), 32))
                .isEqualTo("88 77 66 55 44 33 22 11 cc bb aa 99 01 00 01 00"
                        + " 10 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00");
    }

    @Test
    void splitAvailableRing_isFlagsIdxRingUsedEvent() {
        SplitRing ring = new SplitRing(ram, 4);
        ring.availFlags(1);
        ring.offer(3);
        ring.offer(2);
        ring.publish();
        ring.usedEvent(0x1234);
        assertThat(hex(ring.layout().driverGpa(), 14)).isEqualTo("01 00 02 00 03 00 02 00 00 00 00 00 34 12");
    }

    @Test
    void splitUsedRing_isFlagsIdxEntriesOfIdAndLen() {
        SplitRing ring = new SplitRing(ram, 4);
        ring.add(List.of(Buffer.writable(0x10, 1)));
        ring.publish();
        ram.put(ring.layout().deviceGpa(), HexFormat.ofDelimiter(" ").parseHex("00 00 01 00 00 00 00 00 07 00 00 00"));
        assertThat(ring.poll()).contains(new Used(0, 7));
        assertThat(ring.poll()).isEmpty();
    }

    @Test
    void packedDescriptors_areAddrLenIdFlags_andFlagsFlipWithTheLap() {
        PackedRing ring = new PackedRing(ram, 2);
        ring.add(List.of(Buffer.readable(0x10, 5), Buffer.writable(0x20, 6)));
        ring.publish();
        assertThat(hex(ring.layout().descGpa(), 32))
                .isEqualTo("10 00 00 00 00 00 00 00 05 00 00 00 00 00 81 00"
                        + " 20 00 00 00 00 00 00 00 06 00 00 00 00 00 82 00");
        ring.add(List.of(Buffer.readable(0x30, 7)));
        ring.publish();
        assertThat(hex(ring.layout().descGpa() + 12, 4)).isEqualTo("01 00 00 80");
    }

    @Test
    void packedBuffer_isUsedWhenBothBitsAreOfTheLap() {
        PackedRing ring = new PackedRing(ram, 4);
        int id = ring.add(List.of(Buffer.writable(0x20, 6)));
        ring.publish();
        assertThat(ring.poll()).isEmpty();
        ram.put32(ring.layout().descGpa() + 8, 3);
        ram.put16(ring.layout().descGpa() + 14, 0x8080);
        assertThat(ring.poll()).contains(new Used(id, 3));
    }

    @Test
    void eventSuppression_isOffWrapAndFlags() {
        PackedRing ring = new PackedRing(ram, 4);
        ring.notifyAfter(1);
        assertThat(hex(ring.layout().driverGpa(), 4)).isEqualTo("00 80 02 00");
        ring.suppressNotifications(true);
        assertThat(hex(ring.layout().driverGpa(), 4)).isEqualTo("00 00 01 00");
    }
}
