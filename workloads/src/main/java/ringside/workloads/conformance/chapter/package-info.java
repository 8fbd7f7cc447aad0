/**
 * The tests, a class per chapter of the specification. Each finds out about one statement and says what it saw; the runner
 * gives it a device, a time limit, and after hostile tests asks whether the device survived.
 */
package ringside.workloads.conformance.chapter;
