package ringside.emulator.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ringside.emulator.SpecClause;
import ringside.emulator.memory.GuestMemories;
import ringside.emulator.memory.GuestMemory;
import ringside.emulator.virtqueue.DescriptorChain;
import ringside.emulator.virtqueue.Virtqueue;
import ringside.emulator.virtqueue.VirtqueueConfig;

/**
 * In place of a model checker: <em>every</em> table of up to four descriptors over a small alphabet of flags, next, len and
 * addr is read by the device and by {@link SplitModel}, which must accept the same ones and see the same buffers.
 */
class ExhaustiveSplitTest {
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final long RING = Twin.LOW_GPA;
    private static final long TABLE = Twin.LOW_GPA + 0x800;
    private static final long BUFFER = Twin.HIGH_GPA;
    private static final long LONGEST = 0xffff_ffffL;

    private final Twin twin = new Twin();
    private final DescriptorChain chain = new DescriptorChain();
    private int size;
    private Virtqueue queue;
    private SplitModel model;
    private long accepted;
    private long seen;

    /** One descriptor of the alphabet. */
    private record Letter(long addr, long len, int flags, int next) {}

    @AfterEach
    void close() {
        twin.close();
    }

    private void begin(int entries, boolean indirect) {
        size = entries;
        long avail = RING + 16L * size;
        SplitModel.Layout layout = new SplitModel.Layout(size, RING, avail, avail + 6 + 2L * size + 3 & -4L);
        queue = new VirtqueueConfig(size, layout.desc(), layout.avail(), layout.used(), indirect, false)
                .activate(twin.memory);
        model = new SplitModel(twin, layout, indirect, false);
    }

    /** flags x next x len, next where it means something; then the references to tables. */
    private static List<Letter> alphabet(int entries, boolean references) {
        List<Letter> letters = new ArrayList<>();
        for (long len : new long[] {0, 1, LONGEST}) {
            for (int write : new int[] {0, WRITE}) {
                letters.add(new Letter(BUFFER, len, write, entries));
                for (int next = 0; next <= entries; next++) {
                    letters.add(new Letter(BUFFER, len, write | NEXT, next));
                }
            }
        }
        letters.add(new Letter(TABLE, 16, INDIRECT, 0));
        if (references) {
            letters.add(new Letter(TABLE, 32, INDIRECT | WRITE, 0));
            letters.add(new Letter(TABLE, 16, INDIRECT | NEXT, 0));
        }
        return letters;
    }

    /** Gives all words of so many letters, and reads the chain at index 0 of the ring after each. */
    private void allTables(long table, int entries, List<Letter> letters) {
        int[] word = new int[entries];
        for (int i = 0; i < entries; i++) {
            put(table, i, letters.getFirst());
        }
        int changed = 0;
        while (changed < entries) {
            compare();
            changed = 0;
            while (changed < entries && ++word[changed] == letters.size()) {
                word[changed] = 0;
                put(table, changed, letters.getFirst());
                changed++;
            }
            if (changed < entries) {
                put(table, changed, letters.get(word[changed]));
            }
        }
    }

    private void put(long table, int index, Letter letter) {
        long at = table + 16L * index;
        twin.drive64(at, letter.addr());
        twin.drive32(at + 8, (int) letter.len());
        twin.drive16(at + 12, letter.flags());
        twin.drive16(at + 14, letter.next());
    }

    private void compare() {
        seen++;
        boolean good = queue.readChain(0, chain);
        Optional<List<RingModel.Buffer>> expected = model.chain(0);
        if (good != expected.isPresent()) {
            throw new AssertionError("accepted: " + good + ", by the specification: " + !good + table());
        }
        if (good) {
            accepted++;
            sameBuffers(expected.get());
        }
    }

    private void sameBuffers(List<RingModel.Buffer> buffers) {
        boolean same = chain.segments() == buffers.size();
        for (int i = 0; same && i < buffers.size(); i++) {
            same = chain.addresses()[i] == twin.host(buffers.get(i).gpa())
                    && chain.lengths()[i] == buffers.get(i).bytes()
                    && i >= chain.readableSegments() == buffers.get(i).writable();
        }
        if (!same) {
            throw new AssertionError("other buffers than " + buffers + table());
        }
    }

    private String table() {
        StringBuilder text = new StringBuilder();
        for (long table : new long[] {RING, TABLE}) {
            for (int i = 0; i < 4; i++) {
                long at = table + 16L * i;
                text.append("\n0x%x: len %x flags %d next %d"
                        .formatted(at, twin.get32(at + 8), twin.get16(at + 12), twin.get16(at + 14)));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "4, true", "1, false", "2, false"})
    @SpecClause({"VIRTIO-1.2 2.7.5.2", "VIRTIO-1.2 2.7.5.3.1", "VIRTIO-1.2 2.7.4.2"})
    void everyDescriptorTable_isReadAsTheSpecificationReadsIt(int entries, boolean indirect) {
        begin(entries, indirect);
        put(TABLE, 0, new Letter(BUFFER + 64, 8, WRITE, 0));
        put(TABLE, 1, new Letter(BUFFER + 128, 8, 0, 0));

        allTables(RING, entries, alphabet(entries, true));

        assertThat(accepted).as("chains accepted of %d", seen).isPositive().isLessThan(seen);
        twin.assertSame();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    @SpecClause({"VIRTIO-1.2 2.7.5.3.1", "VIRTIO-1.2 2.7.5.3.2"})
    void everyIndirectTable_isReadAsTheSpecificationReadsIt(int entries) {
        begin(4, true);
        put(RING, 0, new Letter(TABLE, 16L * entries, INDIRECT, 0));

        allTables(TABLE, entries, alphabet(entries, false));

        assertThat(accepted).as("chains accepted of %d", seen).isPositive().isLessThan(seen);
        twin.assertSame();
    }

    /** Zero to four descriptors, then a table of two: the bound counts both. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @SpecClause("VIRTIO-1.2 2.7.5.3.2")
    void everyTableBehindNormalDescriptors_isReadAsTheSpecificationReadsIt(int normal) {
        begin(4, true);
        for (int i = 0; i < normal; i++) {
            put(RING, i, new Letter(BUFFER + 8L * i, 8, NEXT, i + 1));
        }
        put(RING, normal, new Letter(TABLE, 16L * 2, INDIRECT, 0));

        allTables(TABLE, 2, alphabet(2, false));

        assertThat(seen).isPositive();
        assertThat(accepted).as("chains accepted of %d", seen).isPositive().isLessThan(seen);
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7")
    void everySize_isAcceptedExactlyWhenItIsAPowerOfTwoUpTo32768() {
        try (GuestMemory memory = GuestMemories.one()) {
            for (int entries = 0; entries <= 1 << 17; entries++) {
                boolean legal = entries > 0 && entries <= 32_768 && (entries & entries - 1) == 0;
                if (config(entries, 0, 0, 0).problem(memory).isEmpty() != legal) {
                    assertThat(legal).as("size %d", entries).isEqualTo(!legal);
                }
            }
        }
    }

    @Test
    @SpecClause("VIRTIO-1.2 2.7.1")
    void everyAlignment_isAcceptedExactlyWhenItIs16And2And4() {
        try (GuestMemory memory = GuestMemories.one()) {
            for (int at = 0; at < 32 * 32 * 32; at++) {
                int desc = at & 31;
                int avail = at >> 5 & 31;
                int used = at >> 10;
                boolean legal = desc % 16 == 0 && avail % 2 == 0 && used % 4 == 0;
                if (config(8, desc, avail, used).problem(memory).isEmpty() != legal) {
                    assertThat(legal)
                            .as("offsets %d, %d, %d", desc, avail, used)
                            .isEqualTo(!legal);
                }
            }
        }
    }

    private static VirtqueueConfig config(int entries, int desc, int avail, int used) {
        long base = GuestMemories.BASE_GPA;
        return new VirtqueueConfig(entries, base + desc, base + 0x100000 + avail, base + 0x200000 + used, true, true);
    }
}
