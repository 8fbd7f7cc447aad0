package ringside.workloads.job;

/** What the buffers of writes hold. */
final class ContentOptions extends OptionGroup {
    JobContent content() {
        return JobContent.DEFAULT;
    }
}
