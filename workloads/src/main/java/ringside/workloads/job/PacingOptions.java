package ringside.workloads.job;

/** How fast requests are made. */
final class PacingOptions extends OptionGroup {
    JobPacing pacing() {
        return JobPacing.DEFAULT;
    }
}
