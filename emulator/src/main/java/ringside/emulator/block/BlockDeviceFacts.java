package ringside.emulator.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What sysfs says about a block device of the host (Linux: Documentation/ABI/stable/sysfs-block, and the files life_time
 * and pre_eol_info of an MMC card, health_descriptor of a UFS device).
 */
final class BlockDeviceFacts {
    private static final int MAX_PARENTS = 8;
    private static final int MINOR_LOW_BITS = 8;

    /** Folder of the device or partition; may not exist. */
    private final Path folder;

    /** @param devices the folder {@code /sys/dev/block} */
    BlockDeviceFacts(Path devices, long deviceNumber) {
        this.folder = devices.resolve(major(deviceNumber) + ":" + minor(deviceNumber));
    }

    /** The device that a node of /dev stands for. */
    static BlockDeviceFacts of(Path device) {
        long number;
        try {
            number = ((Number) Files.getAttribute(device, "unix:rdev")).longValue();
        } catch (IOException | UnsupportedOperationException e) {
            number = 0; // no such device, so nothing is known about it
        }
        return new BlockDeviceFacts(Path.of("/sys/dev/block"), number);
    }

    /** As Linux packs st_rdev (gnu_dev_major(3)). */
    private static long major(long number) {
        return number >>> MINOR_LOW_BITS & 0xfff | number >>> 32 & 0xffff_f000L;
    }

    private static long minor(long number) {
        return number & 0xff | number >>> 12 & 0xffff_ff00L;
    }

    /** Whether a discard frees anything. */
    boolean discards() {
        return queueFile("discard_max_bytes").map(value -> !value.equals("0")).orElse(false);
    }

    /** Wear of the flash below; empty where the device does not say, or says what has no meaning. */
    Optional<StorageLifetime> lifetime() {
        return mmc().or(this::ufs).filter(lifetime -> !lifetime.equals(new StorageLifetime(0, 0, 0)));
    }

    private Optional<String> queueFile(String name) {
        return read(folder.resolve("queue").resolve(name)) // a whole device
                .or(() -> real().map(Path::getParent)
                        .flatMap(device -> read(device.resolve("queue").resolve(name)))); // a partition
    }

    private Optional<StorageLifetime> mmc() {
        return upwards("pre_eol_info").flatMap(card -> {
            String[] estimates = read(card.resolve("life_time")).orElse("").split("\\s+");
            return estimates.length == 2
                    ? lifetime(read(card.resolve("pre_eol_info")).orElse(""), estimates[0], estimates[1])
                    : Optional.empty();
        });
    }

    private Optional<StorageLifetime> ufs() {
        return upwards("health_descriptor").flatMap(host -> {
            Path health = host.resolve("health_descriptor");
            return lifetime(
                    read(health.resolve("eol_info")).orElse(""),
                    read(health.resolve("life_time_estimation_a")).orElse(""),
                    read(health.resolve("life_time_estimation_b")).orElse(""));
        });
    }

    private static Optional<StorageLifetime> lifetime(String preEol, String typeA, String typeB) {
        try {
            int info = Integer.decode(preEol);
            int a = Integer.decode(typeA);
            int b = Integer.decode(typeB);
            return StorageLifetime.isKnown(info, a, b)
                    ? Optional.of(new StorageLifetime(info, a, b))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The nearest folder, the device's own or one above, whose {@code device} link or itself holds this name. */
    private Optional<Path> upwards(String name) {
        Path at = real().orElse(null);
        for (int i = 0; at != null && i < MAX_PARENTS; i++) {
            for (Path candidate : new Path[] {at, at.resolve("device")}) {
                if (Files.exists(candidate.resolve(name))) {
                    return Optional.of(candidate);
                }
            }
            at = at.getParent();
        }
        return Optional.empty();
    }

    private Optional<Path> real() {
        try {
            return Optional.of(folder.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
