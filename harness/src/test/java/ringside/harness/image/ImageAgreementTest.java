package ringside.harness.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Random images of QEMU's: what our tools say of them, field by field, is what qemu-img says. */
class ImageAgreementTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CHANGES = 25;

    @TempDir
    private Path folder;

    private int lastCode;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void infoCheckMapAndMeasure_sayWhatQemuSays(long seed) {
        Random random = new Random(seed);
        List<String> differences = new ArrayList<>();
        String made = make(random);
        compare("info", differences, "-f", "qcow2", "--output=json", "a.qcow2");
        compare("check", differences, "-f", "qcow2", "--output=json", "a.qcow2");
        compare("map", differences, "-f", "qcow2", "--output=json", "a.qcow2");
        compare("measure", differences, "-f", "qcow2", "-O", "qcow2", "--output=json", "a.qcow2");
        compare("measure", differences, "-f", "qcow2", "-O", "raw", "--output=json", "a.qcow2");
        assertThat(differences).as(made).isEmpty();
    }

    /** An image with a history; the commands that made it, for messages. */
    private String make(Random random) {
        int clusterBytes = 512 << random.nextInt(13);
        boolean version3 = random.nextInt(4) > 0;
        boolean extended = version3 && clusterBytes >= 16384 && random.nextBoolean();
        boolean dataFile = version3 && random.nextInt(5) == 0;
        String backing = List.of("", "raw", "qcow2").get(dataFile ? 0 : random.nextInt(3));
        long bytes = (1L + random.nextInt(16 << 10)) * 512;
        String options = "cluster_size=" + clusterBytes;
        options += version3 ? ",refcount_bits=" + (1 << random.nextInt(7)) : ",compat=0.10";
        options += extended ? ",extended_l2=on" : "";
        options += version3 && random.nextInt(4) == 0 ? ",lazy_refcounts=on" : "";
        options += dataFile ? ",data_file=a.data" : "";
        List<String> create = new ArrayList<>(List.of("create", "-q", "-f", "qcow2", "-o", options));
        if (!backing.isEmpty()) {
            long below = (1L + random.nextInt(16 << 10)) * 512;
            qemu(0, "qemu-img", "create", "-q", "-f", backing, "base", Long.toString(below));
            history(random, "base", backing, below, 65536, false);
            create.addAll(List.of("-b", "base", "-F", backing));
        }
        create.addAll(List.of("a.qcow2", Long.toString(bytes)));
        qemu(0, "qemu-img", create.toArray(String[]::new));
        String changes = history(random, "a.qcow2", "qcow2", bytes, clusterBytes, !dataFile);
        if (!dataFile && random.nextBoolean()) {
            qemu(-1, "qemu-img", "snapshot", "-c", "first", "a.qcow2");
            changes += history(random, "a.qcow2", "qcow2", bytes, clusterBytes, true);
        }
        if (version3 && random.nextBoolean()) {
            qemu(-1, "qemu-img", "bitmap", "--add", "-g", "4k", "a.qcow2", "b0");
        }
        return create + changes;
    }

    private String history(
            Random random, String image, String format, long bytes, int clusterBytes, boolean compressed) {
        List<String> command = new ArrayList<>(List.of("-f", format, "-d", "unmap"));
        for (int i = 0; i < CHANGES; i++) {
            command.addAll(List.of("-c", change(random, bytes, clusterBytes, compressed)));
        }
        command.add(image);
        qemu(-1, "qemu-io", command.toArray(String[]::new)); // where one of them cannot be, the others are
        return "\n" + command;
    }

    private static String change(Random random, long bytes, int clusterBytes, boolean compressed) {
        int unit = random.nextBoolean() ? clusterBytes : 512;
        long at = random.nextLong(bytes) / unit * unit;
        long length = Math.min(bytes - at, (1L + random.nextInt(6)) * unit);
        String range = " " + at + " " + length;
        return switch (random.nextInt(compressed ? 6 : 5)) {
            case 0 -> "write -z" + range;
            case 1 -> "write -z -u" + range;
            case 2 -> "discard" + range;
            case 3, 4 -> "write -P " + (1 + random.nextInt(255)) + range;
            default -> {
                long start = at / clusterBytes * clusterBytes;
                yield "write -c -P 9 " + start + " " + Math.min(bytes - start, clusterBytes);
            }
        };
    }

    private void compare(String command, List<String> differences, String... arguments) {
        List<String> theirs = new ArrayList<>(List.of(command));
        theirs.addAll(List.of(arguments));
        JsonNode expected = normal(qemu(-1, "qemu-img", theirs.toArray(String[]::new)));
        int expectedCode = lastCode;
        List<String> ours = new ArrayList<>(theirs);
        ours.set(ours.size() - 1, folder.resolve(ours.getLast()).toString());
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new ImageCommand()).setOut(new PrintWriter(out, true));
        line.setExecutionExceptionHandler((e, _, _) -> {
            out.write("\"" + e + "\"");
            return -1;
        });
        int code = line.execute(ours.toArray(String[]::new));
        JsonNode answered = normal(out.toString());
        if (!answered.equals(expected) || code != expectedCode) {
            differences.add(
                    "%s%n  ours:   %d %s%n  QEMU's: %d %s%n".formatted(theirs, code, answered, expectedCode, expected));
        }
    }

    /** Without names, which are given differently, and without what QEMU counts in blocks of the file system. */
    private JsonNode normal(String text) {
        JsonNode tree = JSON.readTree(text.replace(folder + "/", ""));
        if (tree instanceof ObjectNode object) {
            object.remove("actual-size");
        }
        // Read again, so that all numbers are of the smallest type that holds them.
        return tree.isArray() ? JSON.readTree(extents(tree).toString()) : tree;
    }

    /** QEMU looks for holes in the file of an image that it takes for preallocated, which cuts data into pieces. */
    private static JsonNode extents(JsonNode extents) {
        ArrayNode merged = JSON.createArrayNode();
        for (JsonNode extent : extents) {
            ObjectNode now = (ObjectNode) extent;
            now.remove("compressed"); // of QEMU 8.2
            if (now.get("data").asBoolean()) {
                now.put("zero", false);
            }
            ObjectNode last = merged.isEmpty() ? null : (ObjectNode) merged.get(merged.size() - 1);
            if (last != null && continues(last, now)) {
                last.put(
                        "length",
                        last.get("length").asLong() + now.get("length").asLong());
            } else {
                merged.add(now);
            }
        }
        return merged;
    }

    private static boolean continues(ObjectNode last, ObjectNode now) {
        boolean same = List.of("zero", "data", "depth", "present").stream()
                .allMatch(field -> last.get(field).equals(now.get(field)));
        if (!same || last.has("offset") != now.has("offset")) {
            return false;
        }
        return !last.has("offset")
                || last.get("offset").asLong() + last.get("length").asLong()
                        == now.get("offset").asLong();
    }

    /** @param expected exit code, -1 for any */
    private String qemu(int expected, String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        try {
            Path output = folder.resolve("output.txt");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(folder.resolve("errors.txt").toFile())
                    .start();
            int code = process.waitFor();
            lastCode = code;
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(expected < 0 ? expected : code)
                    .as(command + ": " + printed)
                    .isEqualTo(expected);
            return printed;
        } catch (IOException _) {
            assumeTrue(false, program + " is not installed (Debian: qemu-utils)");
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
