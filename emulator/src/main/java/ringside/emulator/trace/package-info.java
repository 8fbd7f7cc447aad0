/**
 * Instrumentation of the emulator: trace points, request timelines, counters, log-linear histograms, and rare events for
 * the flight recorder. A leaf room: it depends on nothing, everybody may use it. It knows neither results nor reports.
 */
package ringside.emulator.trace;
