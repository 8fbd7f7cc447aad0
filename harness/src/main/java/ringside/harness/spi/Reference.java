package ringside.harness.spi;

/**
 * A published figure that a reader wants beside the measured ones: a landmark, never a yardstick.
 *
 * @param label a few words
 * @param iops requests per second as published, more than 0
 * @param system what it was measured on and how: always another system on other hardware
 * @param source where it can be read
 */
public record Reference(String label, double iops, String system, String source) {}
