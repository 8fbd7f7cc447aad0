package ringside.workloads.job;

/** What is written so that it can be checked, and how it is. */
final class VerifyOptions extends OptionGroup {
    JobVerify verify() {
        return JobVerify.DEFAULT;
    }
}
