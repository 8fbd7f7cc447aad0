package ringside.harness.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ringside.emulator.block.qcow2.Qcow2Bitmaps;
import ringside.harness.HarnessException;
import ringside.harness.suite.Units;

/** Persistent dirty bitmaps. */
@Command(
        name = "bitmap",
        description = {
            "Changes a persistent dirty bitmap of a qcow2 image that nobody uses. Several changes are made in the order",
            "given, all or none of them. The bitmaps of an image are listed by info."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ringside image bitmap -f qcow2 --add disk.qcow2 backup0",
            "  ringside image bitmap -f qcow2 --add --disable -g 4k disk.qcow2 backup1",
            "  ringside image bitmap -f qcow2 --merge backup0 --enable disk.qcow2 backup1"
        })
final class BitmapCommand implements Callable<Integer> {
    /** One change. */
    private interface Step extends Consumer<Qcow2Bitmaps> {}

    private final List<Step> steps = new ArrayList<>();

    @Mixin
    private SourceOptions source;

    @Option(
            names = "-g",
            paramLabel = "SIZE",
            description = "With --add: what a bit stands for (default: a cluster, from 4k to 64k).")
    private String granularity;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
    private String image;

    @Parameters(index = "1", paramLabel = "BITMAP", description = "Name of the bitmap.")
    private String bitmap;

    @Option(names = "--add", description = "Add it, without a bit set; from now on it records writes.")
    void add(boolean wanted) {
        step(wanted, bitmaps -> bitmaps.add(bitmap, granularityBytes()));
    }

    @Option(names = "--remove", description = "Remove it.")
    void remove(boolean wanted) {
        step(wanted, bitmaps -> bitmaps.remove(bitmap));
    }

    @Option(names = "--clear", description = "Unset all its bits.")
    void clear(boolean wanted) {
        step(wanted, bitmaps -> bitmaps.clear(bitmap));
    }

    @Option(names = "--enable", description = "From now on it records writes.")
    void enable(boolean wanted) {
        step(wanted, bitmaps -> bitmaps.enable(bitmap, true));
    }

    @Option(names = "--disable", description = "From now on it does not record writes.")
    void disable(boolean wanted) {
        step(wanted, bitmaps -> bitmaps.enable(bitmap, false));
    }

    @Option(names = "--merge", paramLabel = "OTHER", description = "Set in it what is set in another one of the image.")
    void merge(String other) {
        step(other != null, bitmaps -> bitmaps.merge(bitmap, other));
    }

    private void step(boolean wanted, Step step) {
        if (wanted) {
            steps.add(step);
        }
    }

    private long granularityBytes() {
        return granularity == null ? 0 : Units.bytes(granularity);
    }

    @Override
    public Integer call() {
        if (steps.isEmpty()) {
            throw HarnessException.badInput("say what to do: --add, --remove, --clear, --enable, --disable or --merge");
        }
        Path path = source.qcow2(image);
        return Images.guarded("image " + image, () -> {
            try (Qcow2Bitmaps bitmaps =
                    Qcow2Bitmaps.open(Images.qcow2(path, false, source.cache(), source.follow(), Optional.empty()))) {
                steps.forEach(step -> step.accept(bitmaps));
                bitmaps.commit();
            }
            return 0;
        });
    }
}
