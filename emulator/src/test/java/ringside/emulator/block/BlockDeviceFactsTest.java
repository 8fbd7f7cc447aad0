package ringside.emulator.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against folders laid out as Linux lays out sysfs. */
class BlockDeviceFactsTest {
    /** Major 179, minor 0 and 1: mmcblk0 and its first partition. */
    private static final long DISK = 179 << 8;

    @TempDir
    Path sys;

    private Path disk;

    private BlockDeviceFacts facts(long number) throws IOException {
        if (disk == null) {
            Path card = Files.createDirectories(sys.resolve("devices/soc/mmc0/mmc0:0001"));
            disk = Files.createDirectories(card.resolve("block/mmcblk0"));
            Files.createDirectories(disk.resolve("mmcblk0p1"));
            Files.createDirectories(disk.resolve("queue"));
            Files.createSymbolicLink(disk.resolve("device"), card);
            Path devices = Files.createDirectories(sys.resolve("dev/block"));
            Files.createSymbolicLink(devices.resolve("179:0"), disk);
            Files.createSymbolicLink(devices.resolve("179:1"), disk.resolve("mmcblk0p1"));
        }
        return new BlockDeviceFacts(sys.resolve("dev/block"), number);
    }

    private void file(String name, String content) throws IOException {
        facts(DISK);
        Files.writeString(disk.resolve(name), content + "\n");
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void eMmcCard_reportsItsWear(int minor) throws IOException {
        file("../../life_time", "0x01 0x0b");
        file("../../pre_eol_info", "0x02");
        assertThat(facts(DISK | minor).lifetime()).contains(new StorageLifetime(2, 1, 11));
    }

    @ParameterizedTest
    @CsvSource({"0x00 0x00,0x00", "0x0c 0x01,0x01", "0x01 0x01,0x04", "garbage,0x01", "0x01,0x01"})
    void valuesWithoutMeaning_areNotReported(String estimates, String preEol) throws IOException {
        file("../../life_time", estimates);
        file("../../pre_eol_info", preEol);
        assertThat(facts(DISK).lifetime()).isEmpty();
    }

    @Test
    void ufsHost_reportsItsWear() throws IOException {
        facts(DISK);
        Path health = Files.createDirectories(sys.resolve("devices/soc/health_descriptor"));
        Files.writeString(health.resolve("eol_info"), "0x01\n");
        Files.writeString(health.resolve("life_time_estimation_a"), "0x03\n");
        Files.writeString(health.resolve("life_time_estimation_b"), "0x04\n");
        assertThat(facts(DISK).lifetime()).contains(new StorageLifetime(1, 3, 4));
    }

    @ParameterizedTest
    @CsvSource({"0,false", "4096,true"})
    void discards_whenTheQueueSaysSo(String bytes, boolean discards) throws IOException {
        file("queue/discard_max_bytes", bytes);
        assertThat(facts(DISK).discards()).isEqualTo(discards);
        assertThat(facts(DISK | 1).discards()).as("a partition").isEqualTo(discards);
    }

    @Test
    void deviceThatIsNotThere_hasNoFacts() {
        BlockDeviceFacts none = new BlockDeviceFacts(sys, 8 << 8);
        assertThat(none.lifetime()).isEqualTo(Optional.empty());
        assertThat(none.discards()).isFalse();
    }
}
