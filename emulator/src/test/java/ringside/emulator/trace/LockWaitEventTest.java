package ringside.emulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.emulator.AllocatedBytes;

class LockWaitEventTest {
    private final LockWaitEvent event = new LockWaitEvent("test lock");

    private long writeMany() {
        for (int i = 1; i <= 10_000; i++) {
            event.write(i);
        }
        return 10_000;
    }

    @Test
    void noRecording_writingAllocatesNothing() {
        assertThat(AllocatedBytes.inSteadyState(this::writeMany, 1_000)).isZero();
    }

    @Test
    void recordingOfOtherEvents_writingAllocatesAndRecordsNothing(@TempDir Path folder) throws IOException {
        try (Recording other = new Recording()) {
            other.enable("jdk.GarbageCollection");
            other.start();

            assertThat(AllocatedBytes.inSteadyState(this::writeMany, 1_000)).isZero();
            assertThat(events(other, folder)).isEmpty();
        }
    }

    @Test
    void recordingOfThisEvent_hasEachWaitOnceWithItsOwnMoment(@TempDir Path folder)
            throws IOException, InterruptedException {
        try (Recording recording = new Recording()) {
            recording.enable("ringside.LockWait");
            recording.start();
            event.write(1_000_000);
            Thread.sleep(20);
            event.write(2_000_000);

            List<RecordedEvent> events = events(recording, folder);
            assertThat(events).extracting(one -> one.getLong("waitedNs")).containsExactly(1_000_000L, 2_000_000L);
            assertThat(events).extracting(one -> one.getString("lock")).containsOnly("test lock");
            assertThat(events.get(0).getStartTime().plusMillis(15))
                    .isBeforeOrEqualTo(events.get(1).getStartTime());
            assertThat(events.get(1).getStackTrace()).isNull();
        }
    }

    /**
     * What a thread pays where nothing records: the flight recorder makes isEnabled one read of a field, and nothing may
     * come before it.
     */
    @Test
    void write_asksFirstWhetherAnythingRecords() throws IOException {
        List<Instruction> first = instructions("write").subList(0, 3);

        assertThat(first.get(0))
                .isInstanceOfSatisfying(
                        LoadInstruction.class, load -> assertThat(load.slot()).isZero());
        assertThat(first.get(1))
                .isInstanceOfSatisfying(
                        InvokeInstruction.class,
                        call -> assertThat(call.name().stringValue()).isEqualTo("isEnabled"));
        assertThat(first.get(2)).isInstanceOf(BranchInstruction.class);
    }

    private static List<Instruction> instructions(String method) throws IOException {
        try (InputStream bytes = LockWaitEvent.class.getResourceAsStream("LockWaitEvent.class")) {
            ClassModel model = ClassFile.of().parse(bytes.readAllBytes());
            MethodModel found = model.methods().stream()
                    .filter(one -> one.methodName().stringValue().equals(method))
                    .findFirst()
                    .orElseThrow();
            return found.code()
                    .orElseThrow()
                    .elementStream()
                    .filter(Instruction.class::isInstance)
                    .map(Instruction.class::cast)
                    .toList();
        }
    }

    private static List<RecordedEvent> events(Recording recording, Path folder) throws IOException {
        Path file = folder.resolve("events.jfr");
        recording.dump(file);
        assertThat(Files.size(file)).isPositive();
        return RecordingFile.readAllEvents(file).stream()
                .filter(one -> one.getEventType().getName().equals("ringside.LockWait"))
                .toList();
    }
}
