package ringside.harness.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each command beside qemu-img's: the same content, the same JSON, the same exit codes. */
class ImageCommandTest {
    private static final int DISK = (5 << 20) + 512;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private String failure = "";

    @BeforeEach
    void makeDisk() throws IOException {
        byte[] data = new byte[DISK];
        Random random = new Random(1);
        for (int at = 0; at + 100_000 < DISK; at += 250_000) {
            byte[] part = new byte[100_000];
            random.nextBytes(part);
            System.arraycopy(part, 0, data, at, part.length);
        }
        Files.write(path("disk.raw"), data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=1.1",
                "compat=0.10",
                "cluster_size=512",
                "cluster_size=2M",
                "cluster_size=16k,extended_l2=on",
                "refcount_bits=1",
                "preallocation=metadata"
            })
    void convertToQcow2_isWhatQemuReads(String options) {
        ringside(0, "convert", "-f", "raw", "-O", "qcow2", "-o", options, file("disk.raw"), file("a.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "disk.raw", "a.qcow2");
        ringside(0, "compare", "-f", "raw", "-F", "qcow2", file("disk.raw"), file("a.qcow2"));
        ringside(0, "convert", "-f", "qcow2", "-O", "raw", file("a.qcow2"), file("back.raw"));
        qemuImg(0, "compare", "-f", "raw", "-F", "raw", "disk.raw", "back.raw");
        assertThat(path("a.qcow2.part")).doesNotExist();
    }

    @Test
    void compressedImage_isWhatQemuReads_andSmaller() {
        ringside(0, "convert", "-c", "-f", "raw", "-O", "qcow2", file("disk.raw"), file("a.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "disk.raw", "a.qcow2");
        ringside(0, "compare", "-f", "raw", "-F", "qcow2", file("disk.raw"), file("a.qcow2"));
        JsonNode check = json("check", "-f", "qcow2", "--output", "json", file("a.qcow2"));
        assertThat(check.get("compressed-clusters").asInt()).isPositive();
    }

    @Test
    void infoCheckMapAndMeasure_haveQemusFields() {
        qemuImg(0, "convert", "-f", "raw", "-O", "qcow2", "disk.raw", "base.qcow2");
        qemuImg(0, "create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", "a.qcow2", "6M");
        qemuIo("a.qcow2", "write 64k 200k", "write -z 1M 128k", "discard 3M 64k");
        qemuImg(0, "snapshot", "-c", "s", "a.qcow2");
        same(
                "info",
                List.of("virtual-size", "cluster-size", "format", "format-specific", "backing-filename", "dirty-flag"));
        same("check", List.of("image-end-offset", "total-clusters", "allocated-clusters", "check-errors", "format"));
        JsonNode ours = json("map", "-f", "qcow2", "--output", "json", file("a.qcow2"));
        JsonNode theirs = read(qemuImg(0, "map", "-f", "qcow2", "--output=json", "a.qcow2"));
        assertThat(ours.toString()).isEqualTo(theirs.toString().replace(",\"compressed\":false", ""));
        JsonNode measured = json("measure", "-f", "raw", "-O", "qcow2", "--output", "json", file("disk.raw"));
        JsonNode expected = read(qemuImg(0, "measure", "-f", "raw", "-O", "qcow2", "--output=json", "disk.raw"));
        assertThat(measured.get("fully-allocated")).isEqualTo(expected.get("fully-allocated"));
        assertThat(measured.get("required")).isEqualTo(expected.get("required"));
    }

    private void same(String command, List<String> fields) {
        JsonNode ours = json(command, "-f", "qcow2", "--output", "json", file("a.qcow2"));
        JsonNode theirs = read(qemuImg(0, command, "-f", "qcow2", "--output=json", "a.qcow2"));
        for (String field : fields) {
            assertThat(ours.get(field)).as(command + ": " + field).isEqualTo(theirs.get(field));
        }
    }

    @Test
    void compare_endsWithQemusCodes() throws IOException {
        byte[] other = Files.readAllBytes(path("disk.raw"));
        other[3_000_001] ^= 1;
        Files.write(path("other.raw"), other);
        ringside(1, "compare", "-f", "raw", file("disk.raw"), file("other.raw"));
        assertThat(out.toString()).contains("Content mismatch at offset 3000001");
        qemuImg(1, "compare", "-f", "raw", "-F", "raw", "disk.raw", "other.raw");
    }

    @Test
    void resize_growsAndShrinks() {
        ringside(0, "convert", "-f", "raw", "-O", "qcow2", "-o", "cluster_size=4k", file("disk.raw"), file("a.qcow2"));
        ringside(0, "resize", "-f", "qcow2", file("a.qcow2"), "+100G");
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        ringside(-1, "resize", "-f", "qcow2", file("a.qcow2"), "2M");
        assertThat(failure).contains("--shrink");
        ringside(0, "resize", "-f", "qcow2", "--shrink", file("a.qcow2"), "2097664");
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        ringside(0, "resize", "-f", "raw", "--shrink", file("disk.raw"), "2097664");
        qemuImg(0, "compare", "-s", "-f", "raw", "-F", "raw", "disk.raw", "disk.raw");
        qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "disk.raw", "a.qcow2");
    }

    @Test
    void rebaseAndCommit_keepTheContent() throws IOException {
        qemuImg(0, "convert", "-f", "raw", "-O", "qcow2", "disk.raw", "base.qcow2");
        qemuImg(0, "create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", "a.qcow2");
        qemuIo("a.qcow2", "write -P 7 64k 200k", "write -z 1M 128k");
        qemuImg(0, "convert", "-f", "qcow2", "-O", "raw", "a.qcow2", "expected.raw");
        byte[] other = Files.readAllBytes(path("disk.raw"));
        other[2_000_000] ^= 1;
        Files.write(path("other.raw"), other);
        ringside(0, "rebase", "-f", "qcow2", "-b", "other.raw", "-F", "raw", file("a.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "expected.raw", "a.qcow2");
        ringside(0, "commit", "-f", "qcow2", file("a.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        qemuImg(0, "compare", "-f", "raw", "-F", "raw", "expected.raw", "other.raw");
        qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "expected.raw", "a.qcow2");
        ringside(0, "rebase", "-f", "qcow2", "-b", "", file("a.qcow2"));
        qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "expected.raw", "a.qcow2");
    }

    /** Behind the end of the old backing file, or without one, the disk reads as zeroes and has to go on doing so. */
    @ParameterizedTest
    @ValueSource(strings = {"compat=1.1", "compat=0.10", "extended_l2=on", "cluster_size=512"})
    void rebaseToALongerBackingFile_keepsTheZeroes(String options) throws IOException {
        Files.write(path("short.raw"), new byte[1 << 20]);
        qemuImg(0, "create", "-q", "-f", "qcow2", "-o", options, "alone.qcow2", Integer.toString(DISK));
        qemuImg(
                0,
                "create",
                "-q",
                "-f",
                "qcow2",
                "-o",
                options,
                "-b",
                "short.raw",
                "-F",
                "raw",
                "behind.qcow2",
                Integer.toString(DISK));
        for (String image : List.of("alone.qcow2", "behind.qcow2")) {
            qemuIo(image, "write -P 7 64k 200k", "write -P 8 3000000 1k");
            qemuImg(0, "convert", "-f", "qcow2", "-O", "raw", image, "expected.raw");
            ringside(0, "rebase", "-f", "qcow2", "-b", "disk.raw", "-F", "raw", file(image));
            qemuImg(0, "check", "-f", "qcow2", image);
            qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "expected.raw", image);
        }
    }

    /** Zeroes of an overlay hide what its backing file has, compressed or not, in a new target or not. */
    @ParameterizedTest
    @ValueSource(strings = {"-c", "-q"})
    void convertToAnOverlay_keepsZeroesThatHideTheBackingFile(String how) {
        qemuImg(0, "create", "-q", "-f", "qcow2", "-b", "disk.raw", "-F", "raw", "a.qcow2");
        qemuIo("a.qcow2", "write -z 0 128k", "write -P 3 1M 64k", "write -P 0 2M 64k");
        ringside(
                0,
                "convert",
                how,
                "-f",
                "qcow2",
                "-O",
                "qcow2",
                "-B",
                "disk.raw",
                "-F",
                "raw",
                file("a.qcow2"),
                file("b.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "b.qcow2");
        qemuImg(0, "compare", "-f", "qcow2", "-F", "qcow2", "a.qcow2", "b.qcow2");
        qemuImg(0, "convert", "-f", "raw", "-O", "qcow2", "disk.raw", "old.qcow2");
        ringside(0, "convert", how, "-n", "-f", "qcow2", "-O", "qcow2", file("a.qcow2"), file("old.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "old.qcow2");
        qemuImg(0, "compare", "-f", "qcow2", "-F", "qcow2", "a.qcow2", "old.qcow2");
    }

    /** A reader of the data file sees the whole disk. */
    @Test
    void resizeWithADataFile_resizesThat() throws IOException {
        ringside(0, "create", "-q", "-f", "qcow2", "-o", "data_file=a.data,data_file_raw=on", file("a.qcow2"), "1M");
        ringside(0, "resize", "-q", "-f", "qcow2", file("a.qcow2"), "3M");
        assertThat(path("a.data")).hasSize(3 << 20);
        ringside(0, "resize", "-q", "-f", "qcow2", "--shrink", file("a.qcow2"), "-1M");
        assertThat(path("a.data")).hasSize(2 << 20);
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
    }

    @Test
    void wrongInput_isNamedWithItsOption() {
        ringside(-1, "create", "-f", "qcow2", "-b", "disk.raw", file("x.qcow2"));
        assertThat(failure).contains("-F: name the format of the backing file disk.raw");
        ringside(-1, "create", "-f", "raw", "-o", "preallocation=full", file("x.raw"), "1M");
        assertThat(failure).contains("'preallocation' is not an option of raw");
        ringside(-1, "info", "-f", "vmdk", file("disk.raw"));
        assertThat(failure).contains("unknown format 'vmdk'");
        ringside(-1, "convert", "-f", "raw", "-O", "qcow2", file("disk.raw"), file("none/x.qcow2"));
        assertThat(failure).contains("folder does not exist").doesNotContain("Exception");
    }

    /** The last bit of a coarse bitmap reaches behind the end of the disk, those of a fine one do not. */
    @Test
    void mergedBitmap_hasNoBitBehindTheDisk() throws IOException {
        qemuImg(0, "create", "-q", "-f", "qcow2", "a.qcow2", Integer.toString(DISK));
        qemuImg(0, "bitmap", "--add", "-g", "1M", "a.qcow2", "coarse");
        qemuIo("a.qcow2", "write " + (DISK - 512) + " 512");
        ringside(0, "bitmap", "-f", "qcow2", "--add", "-g", "512", file("a.qcow2"), "fine");
        ringside(0, "bitmap", "-f", "qcow2", "--merge", "coarse", file("a.qcow2"), "fine");
        ByteBuffer image = ByteBuffer.wrap(Files.readAllBytes(path("a.qcow2")));
        int directory = 0;
        for (int at = 104; image.getInt(at) != 0x23852875; at += 8 + (image.getInt(at + 4) + 7) / 8 * 8) {
            directory = at; // the extension before that of the bitmaps
        }
        directory = directory + 8 + (image.getInt(directory + 4) + 7) / 8 * 8;
        int entry = (int) image.getLong(directory + 8 + 16);
        entry += (24 + image.getInt(entry + 20) + Short.toUnsignedInt(image.getShort(entry + 18)) + 7) / 8 * 8;
        int data = (int) (image.getLong((int) image.getLong(entry)) & 0x00ff_ffff_ffff_fe00L);
        int bits = DISK / 512;
        assertThat(image.get(data + (bits - 1) / 8) & 0xff).isEqualTo((1 << (bits - 1) % 8 + 1) - 1);
        assertThat(image.get(data + (bits - 1) / 8 + 1)).isZero();
    }

    @Test
    void snapshots_areListedAsQemuListsThem() {
        qemuImg(0, "convert", "-f", "raw", "-O", "qcow2", "disk.raw", "a.qcow2");
        ringside(0, "snapshot", "-f", "qcow2", "-c", "before", file("a.qcow2"));
        assertThat(qemuImg(0, "snapshot", "-l", "a.qcow2")).contains("before");
        out.getBuffer().setLength(0);
        ringside(0, "snapshot", "-f", "qcow2", "-l", file("a.qcow2"));
        assertThat(out.toString()).contains("before");
        ringside(0, "snapshot", "-f", "qcow2", "-d", "before", file("a.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_size=64k", "cluster_size=512", "cluster_size=16k,extended_l2=on,refcount_bits=1"})
    void bitmaps_areWhatQemuHas_andTheReverse(String options) {
        qemuImg(0, "convert", "-f", "raw", "-O", "qcow2", "-o", options, "disk.raw", "a.qcow2");
        bitmap("--add", "ours");
        bitmap("--add", "--disable", "-g", "512", "fine");
        sameBitmaps();
        qemuImg(0, "bitmap", "--add", "-g", "4k", "a.qcow2", "theirs");
        qemuIo("a.qcow2", "write 64k 200k", "write 4M 512"); // QEMU records it in those that are enabled
        bitmap("--merge", "theirs", "--enable", "fine");
        bitmap("--clear", "theirs");
        sameBitmaps();
        qemuImg(0, "bitmap", "--merge", "fine", "a.qcow2", "theirs");
        qemuImg(0, "bitmap", "--remove", "a.qcow2", "ours");
        bitmap("--disable", "theirs");
        sameBitmaps();
        bitmap("--remove", "theirs");
        bitmap("--remove", "fine");
        sameBitmaps();
    }

    @Test
    void info_isReadByPeople_alsoOfAGraph() {
        qemuImg(0, "create", "-q", "-f", "qcow2", "a.qcow2", "1M");
        bitmap("--add", "mine");

        ringside(0, "info", "-f", "qcow2", file("a.qcow2"));
        String named = out.toString();
        assertThat(named).contains("        bitmaps:", "            [0]:", "                name: mine");

        ringside(0, "info", "driver=qcow2,file=" + file("a.qcow2"));
        assertThat(out.toString()).contains("format: qcow2", "name: mine");
        ringside(-1, "info", "driver=null-co,size=1M");
        assertThat(failure).contains("info tells of raw and qcow2").hasLineCount(1);
    }

    @Test
    void sizes_goToExbibytes() {
        assertThat(json("measure", "-O", "raw", "--size", "2P", "--output", "json")
                        .get("required")
                        .asLong())
                .isEqualTo(2L << 50);
    }

    private void bitmap(String... what) {
        List<String> command = new ArrayList<>(List.of("bitmap", "-f", "qcow2"));
        command.addAll(List.of(what).subList(0, what.length - 1));
        command.addAll(List.of(file("a.qcow2"), what[what.length - 1]));
        ringside(0, command.toArray(String[]::new));
    }

    private void sameBitmaps() {
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        JsonNode ours = json("info", "-f", "qcow2", "--output", "json", file("a.qcow2"));
        JsonNode theirs = read(qemuImg(0, "info", "-f", "qcow2", "--output=json", "a.qcow2"));
        assertThat(ours.get("format-specific")).isEqualTo(theirs.get("format-specific"));
        same("check", List.of("image-end-offset", "allocated-clusters"));
    }

    @Test
    void mergedBits_areThoseThatQemuReads() {
        qemuImg(0, "create", "-q", "-f", "qcow2", "a.qcow2", "64M");
        qemuImg(0, "bitmap", "--add", "-g", "64k", "a.qcow2", "coarse");
        qemuIo("a.qcow2", "write 64k 200k", "write 4M 512", "write 63M 1M");
        bitmap("--add", "-g", "4k", "fine");
        bitmap("--merge", "coarse", "fine");
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
        assertThat(dirty("fine")).isEqualTo(dirty("coarse")).contains("65536+262144", "4194304+65536", "66060288+");
    }

    /** The dirty ranges of a bitmap, as an NBD server of QEMU's reports them. */
    private String dirty(String bitmap) {
        String socket = file(bitmap + ".sock"); // a server removes its own when it ends
        String export = "driver=nbd,export=,server.type=unix,server.path=" + socket
                + ",x-dirty-bitmap=qemu:dirty-bitmap:" + bitmap;
        String nbd = "qemu-nbd --fork -r -f qcow2 -k " + socket + " -B " + bitmap + " " + file("a.qcow2")
                + " && qemu-img map --output=json --image-opts '" + export + "'";
        StringBuilder ranges = new StringBuilder();
        for (JsonNode extent : read(run(0, List.of("sh", "-c", nbd)))) {
            if (!extent.get("data").asBoolean()) {
                ranges.append(extent.get("start"))
                        .append('+')
                        .append(extent.get("length"))
                        .append(' ');
            }
        }
        return ranges.toString();
    }

    @Test
    void bitmapThatIsNotThere_changesNothing() {
        qemuImg(0, "create", "-q", "-f", "qcow2", "a.qcow2", "64M");
        qemuImg(0, "bitmap", "--add", "a.qcow2", "kept");
        ringside(-1, "bitmap", "-f", "qcow2", "--add", "--merge", "absent", file("a.qcow2"), "new");
        assertThat(failure).contains("has no bitmap 'absent'");
        assertThat(qemuImg(0, "info", "a.qcow2")).contains("kept").doesNotContain("new");
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
    }

    @Test
    void bitmapThatClaimsMetadata_isNotRemoved() throws IOException {
        qemuImg(0, "convert", "-f", "raw", "-O", "qcow2", "disk.raw", "a.qcow2");
        qemuImg(0, "bitmap", "--add", "a.qcow2", "liar");
        byte[] bytes = Files.readAllBytes(path("a.qcow2"));
        ByteBuffer image = ByteBuffer.wrap(bytes);
        int extension = 112;
        while (image.getInt(extension) != 0x23852875) {
            extension += 8 + (image.getInt(extension + 4) + 7) / 8 * 8;
        }
        long directory = image.getLong(extension + 8 + 16);
        long l1 = image.getLong(40);
        image.putLong((int) directory, l1); // the bitmap's table is where the L1 table is
        Files.write(path("a.qcow2"), bytes);
        ringside(-1, "bitmap", "-f", "qcow2", "--remove", file("a.qcow2"), "liar");
        assertThat(failure).contains("a.qcow2").doesNotContain("\n");
        byte[] after = Files.readAllBytes(path("a.qcow2"));
        assertThat(ByteBuffer.wrap(after).getLong(40)).isEqualTo(l1);
        assertThat(after[2 * 65536 + 2 * (int) (l1 / 65536) + 1])
                .as("refcount of the L1 table")
                .isEqualTo((byte) 1);
        qemuImg(0, "compare", "-f", "raw", "-F", "qcow2", "disk.raw", "a.qcow2");
    }

    @Test
    void checkOfADamagedImage_endsWithQemusCodes_andMends() throws IOException {
        qemuImg(0, "convert", "-f", "raw", "-O", "qcow2", "disk.raw", "a.qcow2");
        byte[] image = Files.readAllBytes(path("a.qcow2"));
        image[2 * 65536 + 2 * 5 + 1] = 0; // the refcount of cluster 5
        Files.write(path("a.qcow2"), image);
        qemuImg(2, "check", "-f", "qcow2", "a.qcow2");
        ringside(2, "check", "-f", "qcow2", file("a.qcow2"));
        ringside(0, "check", "-f", "qcow2", "-r", "all", file("a.qcow2"));
        qemuImg(0, "check", "-f", "qcow2", "a.qcow2");
    }

    @Test
    void imageWithoutFormat_isNotGuessed() {
        ringside(-1, "info", file("disk.raw"));
        assertThat(failure).contains("never guessed");
    }

    @Test
    void unknownOption_isRefusedByName() {
        ringside(-1, "create", "-f", "qcow2", "-o", "clustersize=4k", file("x.qcow2"), "1M");
        assertThat(failure).contains("'clustersize=4k' is not an option of qcow2");
        assertThat(path("x.qcow2")).doesNotExist();
    }

    private Path path(String name) {
        return folder.resolve(name);
    }

    private String file(String name) {
        return path(name).toString();
    }

    private JsonNode json(String... arguments) {
        out.getBuffer().setLength(0);
        ringside(0, arguments);
        return read(out.toString());
    }

    private static JsonNode read(String text) {
        return JSON.readTree(text);
    }

    /** @param expected exit code; -1: an error, whose message is kept */
    private void ringside(int expected, String... arguments) {
        CommandLine line = new CommandLine(new ImageCommand());
        line.setOut(new PrintWriter(out, true));
        line.setExecutionExceptionHandler((e, _, _) -> {
            failure = String.valueOf(e.getMessage());
            return -1;
        });
        assertThat(line.execute(arguments))
                .as(List.of(arguments) + ": " + failure)
                .isEqualTo(expected);
    }

    private String qemuImg(int expected, String... arguments) {
        List<String> command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(arguments));
        return run(expected, command);
    }

    private void qemuIo(String image, String... commands) {
        List<String> command = new ArrayList<>(List.of("qemu-io", "-f", "qcow2"));
        for (String c : commands) {
            command.addAll(List.of("-c", c));
        }
        command.add(image);
        run(0, command);
    }

    private String run(int expected, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(command + ": " + printed).isEqualTo(expected);
            return printed;
        } catch (IOException _) {
            assumeTrue(false, command.getFirst() + " is not installed (Debian: qemu-utils)");
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
