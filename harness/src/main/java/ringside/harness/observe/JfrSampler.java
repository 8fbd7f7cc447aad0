package ringside.harness.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/** The JVM's own CPU-time sampler (JEP 509): Java and native frames, no kernel frames; Linux only. */
final class JfrSampler implements CpuSampler {
    private final Recording recording = new Recording();

    @Override
    public void begin() {
        recording.enable("jdk.CPUTimeSample").with("throttle", INTERVAL_MS + "ms");
        recording.start();
    }

    @Override
    public void end(Path html) {
        recording.stop();
        try {
            Files.createDirectories(html.toAbsolutePath().getParent());
            Path samples = Files.createTempFile("ringside-profile", ".jfr");
            try {
                recording.dump(samples);
                JfrToFlame.convert(
                        samples.toString(),
                        html.toString(),
                        new Arguments("--cpu-time", "--threads", "--title", "CPU time"));
            } finally {
                Files.deleteIfExists(samples);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot write the profile " + html + ": " + e.getMessage(), e);
        } finally {
            recording.close();
        }
    }
}
