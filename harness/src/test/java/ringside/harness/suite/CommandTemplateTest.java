package ringside.harness.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTemplateTest {
    private static final List<String> OWN = List.of("java", "serve");

    @Test
    void valueWithBlanks_staysOneWord() {
        CommandTemplate template = CommandTemplate.parse("srv  --socket {socket}\t--file={image}");

        assertThat(template.expand(Map.of("socket", "/a b/s", "image", "/c d"), OWN))
                .containsExactly("srv", "--socket", "/a b/s", "--file=/c d");
    }

    @Test
    void quotedWord_keepsItsBlanksAndBraces() {
        CommandTemplate template = CommandTemplate.parse("srv '{\"a\": 1}' \"x {socket}\" -n'a b'c");

        assertThat(template.expand(Map.of("socket", "s"), OWN)).containsExactly("srv", "{\"a\": 1}", "x s", "-na bc");
    }

    @Test
    void commaOfAValueInAList_isDoubledElsewhereKept() {
        CommandTemplate template = CommandTemplate.parse("srv driver=file,filename={image} --f={image} {socket}");

        assertThat(template.expand(Map.of("socket", "s", "image", "a,b"), OWN))
                .containsExactly("srv", "driver=file,filename=a,,b", "--f=a,b", "s");
    }

    @Test
    void ringsideServe_becomesSeveralWords() {
        CommandTemplate template = CommandTemplate.parse("{ringside-serve} --socket {socket}");

        assertThat(template.expand(Map.of("socket", "s"), OWN)).containsExactly("java", "serve", "--socket", "s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    srv {socket} {colour}        | unknown placeholder {colour}
                    srv {socket} x{ringside-serve} | as a word of its own
                    srv --file {image}           | has no {socket}
                    srv "{socket}                | a quote is not closed
                    """)
    void badTemplate_isRefused(String text, String message) {
        assertThatThrownBy(() -> CommandTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void emptyTemplate_isRefused() {
        assertThatThrownBy(() -> CommandTemplate.parse("  ")).hasMessageContaining("the command is empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ringside-null",
                "ringside-raw",
                "qsd-null",
                "qsd-null-noiothread",
                "qsd-raw",
                "qsd-raw-noiothread"
            })
    void builtInServer_isAValidTemplate(String name) {
        CommandTemplate template = ServerTemplates.find(name, Map.of());

        assertThat(template.uses("image")).isEqualTo(name.contains("raw"));
        assertThat(template.text().contains("iothread="))
                .isEqualTo(name.startsWith("qsd") && !name.contains("noiothread"));
    }

    @Test
    void serverOfTheSuite_goesBeforeTheBuiltInOne() {
        assertThat(ServerTemplates.find("qsd-raw", Map.of("qsd-raw", "mine {socket}"))
                        .program())
                .isEqualTo("mine");
    }

    @Test
    void unknownServer_isRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> ServerTemplates.find("spdk", Map.of("mine", "x {socket}")))
                .hasMessageContaining("unknown server 'spdk'")
                .hasMessageContaining("mine, qsd-null");
    }
}
