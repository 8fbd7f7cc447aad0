/**
 * Runs jobs against a set of targets: placement, load threads, phases and outcome. May be called by the harness.
 *
 * <p>Public: {@code JobRunner}, {@code RunPlan}, {@code RunOptions}, {@code CompletionMode}, {@code Phase},
 * {@code PhaseLengths}, {@code RunListener}, {@code RunProgress}, {@code JobRunException}, {@code JobOutcome} and the records it is made of.
 */
package ringside.workloads.runner;
