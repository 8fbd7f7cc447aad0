package ringside.harness.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUseTest {
    @Test
    void openFile_countsAsDescriptor(@TempDir Path temp) throws IOException {
        ProcessUse.ofThis(); // opens what the JDK opens once
        long before = ProcessUse.ofThis().fds();
        try (FileChannel _ =
                FileChannel.open(temp.resolve("open"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(ProcessUse.ofThis().fds()).isEqualTo(before + 1);
        }
    }

    @Test
    void ownProcess_holdsMemoryAndThreads() {
        ProcessUse use = ProcessUse.ofThis();

        assertThat(use.rssKib()).isGreaterThan(use.rssAnonKib());
        assertThat(use.rssAnonKib()).isPositive();
        assertThat(use.threads()).isPositive();
    }

    @Test
    void absentProcess_isEmpty() {
        assertThat(ProcessUse.of(Long.MAX_VALUE)).isEmpty();
    }
}
