package ringside.harness.blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.block.BlockNode;
import ringside.emulator.block.BlockNodes;
import ringside.emulator.block.qcow2.tool.CreateOptions;
import ringside.emulator.block.qcow2.tool.Qcow2Create;

/** The examples of docs/blockdev.md are opened, written and read. */
class BlockdevGuideTest {
    private static final int BYTES = 1 << 20;
    private static final Path GUIDE = Path.of("..", "docs", "blockdev.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("^--blockdev .*?[^\\\\]$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern FILE = Pattern.compile("=([a-z]+\\.(?:img|qcow2|log))\\b");

    @TempDir
    private Path folder;

    private static List<String> examples() throws IOException {
        return EXAMPLE.matcher(Files.readString(GUIDE))
                .results()
                .map(result -> result.group().replace("\\\n", ""))
                .toList();
    }

    @BeforeEach
    void makeImages() throws IOException {
        for (String example : examples()) {
            Matcher files = FILE.matcher(example);
            while (files.find()) {
                make(folder.resolve(files.group(1)));
            }
        }
    }

    private static void make(Path image) throws IOException {
        String name = image.getFileName().toString();
        Files.write(image, new byte[name.endsWith(".img") ? BYTES : 0]);
        if (name.endsWith(".qcow2")) {
            try (BlockNode node = BlockNodes.open(
                    Blockdev.parse("driver=file,filename=" + image).spec())) {
                Qcow2Create.create(node.file(), Optional.empty(), CreateOptions.of(BYTES));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> examples_work() throws IOException {
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(example, () -> {
                    makeImages();
                    works(example);
                }));
    }

    private void works(String example) {
        List<String> texts = Stream.of(FILE.matcher(example)
                        .replaceAll("=" + Matcher.quoteReplacement(folder.toString()) + "/$1")
                        .split("\\s*--blockdev\\s+"))
                .filter(text -> !text.isBlank())
                .toList();
        try (BlockNode node = BlockNodes.open(Blockdev.parse(texts).spec());
                Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(4096).fill((byte) 7);
            node.file().write(8192, data);
            node.file().flush();
            node.file().read(8192, data.fill((byte) 0));
            assertThat(data.getAtIndex(ValueLayout.JAVA_BYTE, 4095)).isEqualTo((byte) 7);
        }
    }

    @Test
    void everyFilter_hasAnExample() throws IOException {
        TreeSet<String> shown = new TreeSet<>();
        for (String example : examples()) {
            Pattern.compile("driver=([a-z0-9-]+)")
                    .matcher(example)
                    .results()
                    .forEach(result -> shown.add(result.group(1)));
        }
        assertThat(shown)
                .contains(
                        "throttle",
                        "delay",
                        "blkdebug",
                        "blkverify",
                        "log-writes",
                        "copy-on-read",
                        "quorum",
                        "qcow2",
                        "raw",
                        "file");
    }
}
