package ringside.harness.run;

import java.util.function.LongSupplier;

/**
 * Tells the user what a worker tells.
 *
 * @param view the user's
 * @param leftNs estimated time until the end of the suite
 */
record LiveProgress(SuiteProgress view, LongSupplier leftNs) implements RunProgressListener {
    @Override
    public void progress(String phase, long elapsedNs, long plannedNs, long ios) {
        view.progress(phase, elapsedNs == 0 ? 0 : ios * 1e9 / elapsedNs, leftNs.getAsLong());
    }

    @Override
    public void observed(String text) {
        view.observed(text);
    }
}
