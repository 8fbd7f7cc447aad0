/**
 * Instrumentation of the emulator: trace points, request timelines, counters and log-linear histograms. A leaf room: it
 * depends on nothing, everybody may use it. It knows neither results nor reports.
 */
package ringside.emulator.trace;
