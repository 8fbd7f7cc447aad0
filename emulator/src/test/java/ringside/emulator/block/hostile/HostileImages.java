package ringside.emulator.block.hostile;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;
import ringside.emulator.block.qcow2.QemuTools;

/** Images that somebody made to do harm, each from a good one with data, compressed clusters, a snapshot and a bitmap. */
final class HostileImages {
    static final String BASE = "base.qcow2";

    /** Cluster size of the good image. */
    static final int CLUSTER = 4096;

    private static final long[] VALUES = {0, 1, -1, 0x7fff_ffff_ffff_ffffL, 0x0123_4567_89ab_cdefL, 511, 1L << 40};

    private final Path folder;
    private final byte[] good;
    private final Map<String, Harm> images = new LinkedHashMap<>();

    /** What is done to the good image, in a file of its own. */
    interface Harm {
        void to(RandomAccessFile file) throws IOException;
    }

    private HostileImages(Path folder) throws IOException {
        this.folder = folder;
        make();
        this.good = Files.readAllBytes(folder.resolve(BASE));
        headers();
        tables();
        entries();
        refcounts();
        snapshots();
        names();
        sizes();
        compressed();
    }

    /** All of them by name. Skips the test where QEMU's tools are missing. */
    static Map<String, Harm> in(Path folder) throws IOException {
        return new HostileImages(folder).images;
    }

    private void make() throws IOException {
        byte[] data = new byte[1 << 20];
        new Random(1).nextBytes(data);
        java.util.Arrays.fill(data, 300_000, 700_000, (byte) 3);
        Files.write(folder.resolve("disk.raw"), data);
        String options = "cluster_size=" + CLUSTER;
        QemuTools.img(folder, "convert", "-f", "raw", "-O", "qcow2", "-c", "-o", options, "disk.raw", BASE);
        QemuTools.io(folder, "-f", "qcow2", "-c", "write 0 64k", BASE);
        QemuTools.img(folder, "snapshot", "-c", "s", BASE);
        QemuTools.io(folder, "-f", "qcow2", "-c", "write 16k 64k", BASE);
        QemuTools.img(folder, "bitmap", "--add", BASE, "b");
    }

    private long word(long at) {
        return ByteBuffer.wrap(good).getLong((int) at);
    }

    private long l1() {
        return word(40);
    }

    private long l2() {
        return word(l1()) & 0x00ff_ffff_ffff_fe00L;
    }

    private long refcountTable() {
        return word(48);
    }

    private long refcountBlock() {
        return word(refcountTable());
    }

    private void put(String name, long at, int width, long value) {
        images.put(name, file -> {
            file.seek(at);
            byte[] bytes = ByteBuffer.allocate(8).putLong(value).array();
            file.write(bytes, 8 - width, width);
        });
    }

    private void headers() {
        int[][] fields = {
            {4, 4}, {8, 8}, {16, 4}, {20, 4}, {24, 8}, {32, 4}, {36, 4}, {40, 8}, {48, 8}, {56, 4}, {60, 4}, {64, 8},
            {72, 8}, {96, 4}, {100, 4}, {104, 1}, {112, 4}, {116, 4}
        };
        for (int[] field : fields) {
            for (long value : VALUES) {
                put("header byte %d = %x".formatted(field[0], value), field[0], field[1], value);
            }
        }
    }

    private void tables() {
        for (long target : new long[] {CLUSTER, l1(), l2(), refcountTable(), refcountBlock(), 1L << 50, 513}) {
            put("L1 entry leads to %x".formatted(target), l1(), 8, 1L << 63 | target);
            put("refcount table entry leads to %x".formatted(target), refcountTable(), 8, target);
        }
        put("L1 entry with reserved bits", l1(), 8, word(l1()) | 0x7f00_0000_0000_01ffL);
        put("refcount table entry with reserved bits", refcountTable(), 8, word(refcountTable()) | 0x1ff);
        put("L1 at its own L2", 40, 8, l2());
        put("refcount table at the header's cluster", 48, 8, 0);
        put("no refcount block", refcountTable(), 8, 0);
    }

    private void entries() {
        for (long target : new long[] {0, l1(), l2(), refcountTable(), refcountBlock(), 1L << 50, 513, CLUSTER}) {
            put("L2 entry leads to %x".formatted(target), l2(), 8, 1L << 63 | target);
            put("L2 entry, not owned, leads to %x".formatted(target), l2(), 8, target);
        }
        put("L2 entry with all bits", l2(), 8, -1);
        put("L2 entry compressed, at the end of the world", l2(), 8, 1L << 62 | (1L << 58) - 1);
        put("L2 entry compressed and owned", l2() + 8L * 100, 8, word(l2() + 8L * 100) | 1L << 63);
        put("L2 entry compressed, of the header", l2(), 8, 1L << 62);
    }

    private void refcounts() {
        images.put("all refcounts 0", file -> fill(file, refcountBlock(), (byte) 0));
        images.put("all refcounts at their limit", file -> fill(file, refcountBlock(), (byte) 0xff));
        put("refcount of the header 0", refcountBlock(), 2, 0);
        put("refcount of the L1 table 0", refcountBlock() + 2 * (l1() / CLUSTER), 2, 0);
        put("refcount of an L2 table 0", refcountBlock() + 2 * (l2() / CLUSTER), 2, 0);
    }

    private static void fill(RandomAccessFile file, long at, byte value) throws IOException {
        byte[] bytes = new byte[CLUSTER];
        java.util.Arrays.fill(bytes, value);
        file.seek(at);
        file.write(bytes);
    }

    private void snapshots() {
        long table = word(64);
        put("snapshot's L1 behind the end", table, 8, 1L << 50);
        put("snapshot's L1 unaligned", table, 8, 17);
        put("snapshot's L1 huge", table + 8, 4, 0x7fff_ffff);
        put("snapshot's id of 64 KiB", table + 12, 2, 0xffff);
        put("snapshot's name of 64 KiB", table + 14, 2, 0xffff);
        put("snapshot's extra data of 4 GiB", table + 36, 4, -1);
        put("snapshot table at the L1 table", 64, 8, l1());
        put("65536 snapshots", 60, 4, 65536);
    }

    private void names() {
        String[] backings = {
            "/etc/passwd",
            "../../../../etc/passwd",
            "json:{\"driver\":\"raw\"}",
            "nbd:unix:/tmp/x",
            "own.qcow2",
            "loop.qcow2",
            "missing",
            "a\nb",
            "\0"
        };
        for (String backing : backings) {
            for (String format : new String[] {"raw", "qcow2", "vmdk", ""}) {
                images.put(
                        "backing '%s' as '%s'".formatted(backing, format).replaceAll("\\p{Cntrl}", "?"),
                        file -> backing(file, backing, format));
            }
        }
    }

    /** Writes the header's end anew: format extension, end, name. */
    private static void backing(RandomAccessFile file, String name, String format) throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(600);
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        if (!format.isEmpty()) {
            byte[] formatBytes = format.getBytes(StandardCharsets.UTF_8);
            rest.putInt(0xe2792aca).putInt(formatBytes.length).put(formatBytes);
            rest.position((rest.position() + 7) / 8 * 8);
        }
        rest.putLong(0);
        int at = 112 + rest.position();
        rest.put(nameBytes);
        file.seek(112);
        file.write(rest.array());
        file.seek(8);
        file.writeLong(at);
        file.writeInt(nameBytes.length);
        file.seek(88);
        file.writeLong(0);
    }

    private void sizes() {
        for (int length : new int[] {0, 1, 4, 71, 104, 512, CLUSTER, 2 * CLUSTER, 3 * CLUSTER + 1, good.length / 2}) {
            images.put("cut at " + length, file -> file.setLength(length));
        }
        images.put("a terabyte of holes behind", file -> file.setLength(1L << 40));
        images.put("L1 of 32 MiB in holes", file -> {
            file.setLength(1L << 30);
            file.seek(36);
            file.writeInt(4 << 20);
            file.writeLong(512L << 20);
        });
        images.put("L1 of 32 MiB, every entry the same table", file -> {
            ByteBuffer l1 = ByteBuffer.allocate(32 << 20);
            while (l1.hasRemaining()) {
                l1.putLong(l2());
            }
            file.setLength(64L << 20);
            file.seek(32L << 20);
            file.write(l1.array());
            file.seek(36);
            file.writeInt(4 << 20);
            file.writeLong(32L << 20);
        });
        images.put("refcount table of 8 MiB", file -> {
            file.setLength(1L << 30);
            file.seek(48);
            file.writeLong(512L << 20);
            file.writeInt((8 << 20) / CLUSTER);
        });
    }

    private void compressed() {
        images.put("a decompression bomb", file -> {
            Deflater deflater = new Deflater(9, true);
            deflater.setInput(new byte[64 << 20]);
            deflater.finish();
            byte[] bomb = new byte[128 << 10];
            int length = deflater.deflate(bomb);
            deflater.end();
            long end = (file.length() + CLUSTER - 1) / CLUSTER * CLUSTER;
            file.seek(end);
            file.write(bomb, 0, length);
            file.setLength(end + 32 * CLUSTER);
            file.seek(l2());
            file.writeLong(1L << 62 | 15L << 58 | end);
        });
        Random random = new Random(2);
        images.put("compressed data that are none", file -> {
            byte[] noise = new byte[CLUSTER];
            random.nextBytes(noise);
            long end = (file.length() + CLUSTER - 1) / CLUSTER * CLUSTER;
            file.seek(end);
            file.write(noise);
            file.seek(l2());
            file.writeLong(1L << 62 | 7L << 58 | end);
        });
    }
}
