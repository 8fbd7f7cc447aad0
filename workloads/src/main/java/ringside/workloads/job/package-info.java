/**
 * Jobs: what load to apply, read from fio job files or built by a suite. Knows nothing of targets or threads, and
 * of the other rooms only {@code trace}. May be
 * called by {@code load}, {@code runner} and the harness.
 *
 * <p>Public: {@code JobFile}, {@code JobFileResult}, {@code JobFileException}, {@code JobWarning}, {@code Strictness},
 * {@code JobSpec} and the small records it is made of. Option names and units are fio's; {@code docs/fio-options.md}
 * lists what is the same and what differs.
 */
package ringside.workloads.job;
